export default {
  title: 'Orders',
  base: '/docs/',
  vue: {
    template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('mq-') } },
  },
  vite: {
    // In development Vite would copy the package elsewhere, away from its wasm.
    optimizeDeps: { exclude: ['mq-playground'] },
    build: { target: 'es2022' },
  },
};
