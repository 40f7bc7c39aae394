// QR codes (ISO/IEC 18004), byte mode, error correction L: a text as an SVG drawing. Own code, because it is short.

/** Words of error correction per block, and blocks, of versions 1 to 40 at level L. */
const ECC = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30,
  30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17,
  18, 19, 19, 20, 21, 22, 24, 25];
/** Beyond this a telephone no longer reads the screen. */
const MOST_VERSION = 30;

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = EXP[power + 255] = value;
  LOG[value] = power;
  value = (value << 1) ^ (value & 128 ? 0x11d : 0);
}
const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);

/** The modules that carry data in a version. */
function capacity(version) {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const align = Math.floor(version / 7) + 2;
    modules -= (25 * align - 10) * align - 55;
    if (version >= 7) modules -= 36;
  }
  return modules;
}

const dataWords = (version) => (capacity(version) >> 3) - ECC[version - 1] * BLOCKS[version - 1];

function generator(degree) {
  const poly = new Uint8Array(degree);
  poly[degree - 1] = 1;
  for (let n = 0, root = 1; n < degree; n += 1, root = times(root, 2)) {
    for (let k = 0; k < degree; k += 1) poly[k] = times(poly[k], root) ^ (poly[k + 1] ?? 0);
  }
  return poly;
}

function remainder(data, poly) {
  const rest = new Uint8Array(poly.length);
  for (const byte of data) {
    const factor = byte ^ rest[0];
    rest.copyWithin(0, 1);
    rest[rest.length - 1] = 0;
    for (let k = 0; k < poly.length; k += 1) rest[k] ^= times(poly[k], factor);
  }
  return rest;
}

function codewords(bytes, version) {
  const bits = [];
  const push = (value, count) => {
    for (let n = count - 1; n >= 0; n -= 1) bits.push((value >>> n) & 1);
  };
  push(4, 4);
  push(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) push(byte, 8);
  const room = dataWords(version) * 8;
  push(0, Math.min(4, room - bits.length));
  push(0, -bits.length & 7);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) push(pad, 8);
  const data = new Uint8Array(bits.length / 8);
  bits.forEach((bit, n) => {
    data[n >> 3] |= bit << (7 - (n & 7));
  });
  const [count, ecc] = [BLOCKS[version - 1], ECC[version - 1]];
  const total = capacity(version) >> 3;
  const short = Math.floor(total / count);
  const shorts = count - (total % count);
  const poly = generator(ecc);
  const blocks = [];
  for (let n = 0, at = 0; n < count; n += 1) {
    const part = data.subarray(at, at += short - ecc + (n < shorts ? 0 : 1));
    blocks.push({ part, rest: remainder(part, poly) });
  }
  const words = [];
  for (let k = 0; k <= short - ecc; k += 1) {
    for (const { part } of blocks) if (k < part.length) words.push(part[k]);
  }
  for (let k = 0; k < ecc; k += 1) for (const { rest } of blocks) words.push(rest[k]);
  return words;
}

function alignments(version, size) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  const places = [6];
  for (let place = size - 7; places.length < count; place -= step) places.splice(1, 0, place);
  return places;
}

const MASKS = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

class Grid {
  constructor(version) {
    this.version = version;
    this.size = version * 4 + 17;
    this.dark = Array.from({ length: this.size }, () => new Uint8Array(this.size));
    this.fixed = Array.from({ length: this.size }, () => new Uint8Array(this.size));
    this.#patterns();
  }

  fix(x, y, dark) {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    this.dark[y][x] = dark ? 1 : 0;
    this.fixed[y][x] = 1;
  }

  #patterns() {
    const { size, version } = this;
    for (let n = 0; n < size; n += 1) {
      this.fix(6, n, n % 2 === 0);
      this.fix(n, 6, n % 2 === 0);
    }
    for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
      for (let dy = -4; dy <= 4; dy += 1) {
        for (let dx = -4; dx <= 4; dx += 1) {
          const ring = Math.max(Math.abs(dx), Math.abs(dy));
          this.fix(cx + dx, cy + dy, ring !== 2 && ring !== 4);
        }
      }
    }
    const places = alignments(version, size);
    for (const [i, x] of places.entries()) {
      for (const [j, y] of places.entries()) {
        const last = places.length - 1;
        if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) continue;
        for (let dy = -2; dy <= 2; dy += 1) {
          for (let dx = -2; dx <= 2; dx += 1) this.fix(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
        }
      }
    }
    this.format(0);
    if (version < 7) return;
    let rest = version;
    for (let n = 0; n < 12; n += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let n = 0; n < 18; n += 1) {
      const [a, b] = [size - 11 + (n % 3), Math.floor(n / 3)];
      this.fix(a, b, (bits >>> n) & 1);
      this.fix(b, a, (bits >>> n) & 1);
    }
  }

  /** Level L is 01. */
  format(mask) {
    const data = (1 << 3) | mask;
    let rest = data;
    for (let n = 0; n < 10; n += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
    const bits = ((data << 10) | rest) ^ 0x5412;
    const bit = (n) => (bits >>> n) & 1;
    for (let n = 0; n <= 5; n += 1) this.fix(8, n, bit(n));
    this.fix(8, 7, bit(6));
    this.fix(8, 8, bit(7));
    this.fix(7, 8, bit(8));
    for (let n = 9; n < 15; n += 1) this.fix(14 - n, 8, bit(n));
    for (let n = 0; n < 8; n += 1) this.fix(this.size - 1 - n, 8, bit(n));
    for (let n = 8; n < 15; n += 1) this.fix(8, this.size - 15 + n, bit(n));
    this.fix(8, this.size - 8, 1);
  }

  fill(words) {
    let at = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let n = 0; n < this.size; n += 1) {
        for (let k = 0; k < 2; k += 1) {
          const x = right - k;
          const y = ((right + 1) & 2) === 0 ? this.size - 1 - n : n;
          if (this.fixed[y][x] || at >= words.length * 8) continue;
          this.dark[y][x] = (words[at >> 3] >>> (7 - (at & 7))) & 1;
          at += 1;
        }
      }
    }
  }

  /** Turned round where the mask is zero; done twice, nothing has happened. */
  mask(number) {
    for (let y = 0; y < this.size; y += 1) {
      for (let x = 0; x < this.size; x += 1) {
        if (!this.fixed[y][x] && MASKS[number](x, y) === 0) this.dark[y][x] ^= 1;
      }
    }
  }

  /** How hard it is to read: long runs, blocks, false finders, an uneven share of dark. */
  penalty() {
    const { size, dark } = this;
    let sum = 0;
    let darks = 0;
    const lines = [...dark, ...dark.map((_, x) => dark.map((row) => row[x]))];
    for (const line of lines) {
      let run = 1;
      for (let n = 1; n <= size; n += 1) {
        if (n < size && line[n] === line[n - 1]) run += 1;
        else {
          if (run >= 5) sum += run - 2;
          run = 1;
        }
      }
      const text = [...line].join('');
      for (const finder of ['10111010000', '00001011101']) sum += 40 * (text.split(finder).length - 1);
    }
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        darks += dark[y][x];
        if (x && y && dark[y][x] === dark[y - 1][x] && dark[y][x] === dark[y][x - 1] && dark[y][x] === dark[y - 1][x - 1]) sum += 3;
      }
    }
    return sum + Math.floor(Math.abs(darks * 20 - size * size * 10) / (size * size)) * 10;
  }
}

/** The rows of modules, 1 for dark; null if the text is too long. */
export function modules(text) {
  const bytes = new TextEncoder().encode(text);
  let version = 1;
  while (version <= MOST_VERSION && dataWords(version) * 8 < 4 + (version < 10 ? 8 : 16) + bytes.length * 8) version += 1;
  if (version > MOST_VERSION) return null;
  const grid = new Grid(version);
  grid.fill(codewords(bytes, version));
  let best = { penalty: Infinity, mask: 0 };
  for (let mask = 0; mask < 8; mask += 1) {
    grid.mask(mask);
    grid.format(mask);
    const penalty = grid.penalty();
    if (penalty < best.penalty) best = { penalty, mask };
    grid.mask(mask);
  }
  grid.mask(best.mask);
  grid.format(best.mask);
  return grid.dark;
}

/** A text as a drawing with its quiet border; null if it is too long. */
export function qr(text) {
  const rows = modules(text);
  if (!rows) return null;
  const size = rows.length + 8;
  const path = rows.flatMap((row, y) => [...row].map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ''))).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size * 4}" height="${size * 4}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`;
}
