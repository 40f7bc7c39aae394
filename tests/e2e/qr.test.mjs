// QR codes: the drawings are those that other encoders and readers agreed on (qrcode-generator 1, jsQR 1).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { modules, qr } from '../../www/qr.js';

const digest = (text) => createHash('sha256').update(modules(text).map((row) => row.join('')).join('\n')).digest('hex').slice(0, 16);

// Each of these was read back by jsQR, or is module for module what qrcode-generator draws.
const KNOWN = [
  [12, 21, 'a42d4700071a5c31'],
  [40, 29, '150d29382734dcf2'],
  [150, 45, 'a050faf976b8bbdc'],
  [300, 61, '881af3e6431eb0b3'],
  [700, 89, '9bfa37eadd39924d'],
  [1500, 129, '626a78507f57ee3b'],
];

for (const [length, size, expected] of KNOWN) {
  test(`a text of ${length} characters is a square of ${size}`, () => {
    const text = 'https://example.org/#s=1.'.padEnd(length, 'aZ09-_x').slice(0, length);
    assert.equal(modules(text).length, size);
    assert.equal(digest(text), expected);
  });
}

test('a text that no telephone could read has no code', () => {
  assert.equal(modules('x'.repeat(2_000)), null);
  assert.equal(qr('x'.repeat(2_000)), null);
  assert.match(qr('https://example.org'), /^<svg .*<\/svg>$/s);
});
