// For the page around an iframe with embed.html: a connection that is checked, and a frame that is as high as it asks.
const LEAST = 120;
const MOST = 4000;

/**
 * Connects to the playground in `iframe`; resolves when one can work with it.
 * @param {HTMLIFrameElement} iframe
 */
export function connect(iframe, { resize = true, timeout = 20_000 } = {}) {
  return new Promise((resolve, reject) => {
    const events = new EventTarget();
    const waiting = new Map();
    let next = 1;
    let port;
    const onMessage = ({ data }) => {
      if (typeof data !== 'object' || data === null || data.mq !== 1) return;
      if (data.type === 'event') events.dispatchEvent(new CustomEvent(data.name, { detail: data.detail }));
      const asked = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.type === 'result') asked?.resolve(data.value);
      if (data.type === 'error') asked?.reject(Object.assign(new Error(data.message), { code: data.code }));
    };
    const client = {
      send(type, fields = {}) {
        return new Promise((done, fail) => {
          const id = next;
          next += 1;
          waiting.set(id, { resolve: done, reject: fail });
          port.postMessage({ ...fields, mq: 1, type, id });
        });
      },
      addEventListener: (...args) => events.addEventListener(...args),
      removeEventListener: (...args) => events.removeEventListener(...args),
      close() {
        removeEventListener('message', onWindow);
        port?.close();
      },
    };
    const patience = setTimeout(() => reject(new Error('The playground in the frame does not answer.')), timeout);
    const onWindow = ({ source, data, ports }) => {
      // A sandboxed frame has the origin "null", so the source is what can be checked.
      if (source !== iframe.contentWindow || typeof data !== 'object' || data === null || data.mq !== 1) return;
      if (data.type === 'resize' && resize && data.height >= LEAST && data.height <= MOST) {
        iframe.style.setProperty('height', `${Math.round(data.height)}px`);
      }
      if (data.type === 'ready' && data.version === 1 && ports[0]) {
        clearTimeout(patience);
        port?.close();
        [port] = ports;
        port.onmessage = onMessage;
        resolve(client);
      }
    };
    addEventListener('message', onWindow);
    iframe.contentWindow?.postMessage({ mq: 1, type: 'connect' }, '*');
  });
}
