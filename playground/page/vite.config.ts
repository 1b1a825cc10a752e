import { defineConfig, loadEnv } from 'vite';

export default defineConfig(({ mode }) => {
  // While developing, the page comes from Vite and everything it asks for from a running server.
  const { RETINUE_SERVER: target = 'http://127.0.0.1:8080' } = loadEnv(mode, '.', 'RETINUE_');
  // The demo answers only requests that are addressed to itself.
  const server = { target, changeOrigin: true, headers: { origin: target } };

  return {
    base: '/playground/',
    // An inline value keeps Vite from looking for a PostCSS configuration in the folders above.
    css: { postcss: {} },
    // With the default, `iife`, a worker could not share code with the others.
    worker: { format: 'es' },
    build: {
      // Every file in this folder is named by its content; src/lib.rs calls the folder immutable.
      assetsDir: 'assets',
      modulePreload: { polyfill: false },
      license: { fileName: 'licenses.txt' },
      reportCompressedSize: false,
      // The editor is one big chunk, loaded once, mostly from the machine itself.
      chunkSizeWarningLimit: 4_000,
      // "use client" is for servers that render React; the libraries are full of it.
      rolldownOptions: { checks: { moduleLevelDirective: false } },
    },
    // Only for `vite dev`: what names workers by `?worker` must not be bundled ahead, and what they import as CommonJS must.
    optimizeDeps: {
      exclude: ['graphiql/setup-workers/vite', '@graphiql/react/setup-workers/vite'],
      include: ['graphql-language-service', 'picomatch-browser'],
    },
    server: { proxy: { '/graphql': { ...server, ws: true }, '/playground/session.json': server } },
  };
});
