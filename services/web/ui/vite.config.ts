import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type Plugin } from 'vite';

/** The hub that `npm run dev` talks to. */
const hub = process.env.ENTENTE_URL ?? 'http://127.0.0.1:4200';

/** Writes a brotli twin beside every text asset; the hub serves the twin to whoever accepts it. */
const precompress = (): Plugin => ({
  name: 'precompress',
  apply: 'build',
  writeBundle({ dir = 'dist' }) {
    for (const file of readdirSync(`${dir}/assets`)) {
      if (!/\.(js|css|svg|json)$/.test(file)) continue;
      const bytes = readFileSync(`${dir}/assets/${file}`);
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      };
      writeFileSync(`${dir}/assets/${file}.br`, brotliCompressSync(bytes, { params }));
    }
  },
});

/** The words that the service worker says: those of notices alone, since it is fetched on its own. */
const pushWords = (): Plugin => ({
  name: 'push-words',
  resolveId: (id) => (id === 'virtual:push-words' ? `\0${id}` : undefined),
  load(id) {
    if (id !== '\0virtual:push-words') return undefined;
    const said = (locale: string): [string, Record<string, string>] => {
      const all = JSON.parse(readFileSync(`src/app/i18n/${locale}.json`, 'utf8')) as Record<string, string>;
      const told = Object.entries(all).filter(([key]) => /^(notice|push|stage|quote\.state)\./.test(key));
      return [locale, Object.fromEntries(told)];
    };
    return `export default ${JSON.stringify(Object.fromEntries(['en', 'fr', 'es'].map(said)))}`;
  },
});

/** Builds the service worker beside the app: one file, whose address never changes. */
const worker = (): Plugin => ({
  name: 'worker',
  apply: 'build',
  async closeBundle() {
    await build({
      configFile: false,
      publicDir: false,
      logLevel: 'warn',
      plugins: [pushWords()],
      build: {
        target: 'es2022',
        emptyOutDir: false,
        rollupOptions: { input: 'src/push/sw.ts', output: { format: 'iife', entryFileNames: 'sw.js' } },
      },
    });
  },
});

export default defineConfig({
  base: '/',
  plugins: [react(), pushWords(), precompress(), worker()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: { port: 4300, proxy: { '/api': { target: hub, ws: true, changeOrigin: false } } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts?(x)'] },
} as never);
