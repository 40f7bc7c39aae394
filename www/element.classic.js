// The loader for pages without modules: <script src="element.classic.js"></script>.
import(new URL('element.js', document.currentScript.src)).catch((error) => console.error('mq-playground:', error));
