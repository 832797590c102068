import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// During development the product answers on 8000 (`just up`); RULEYARD_URL points elsewhere.
const backend = process.env['RULEYARD_URL'] ?? 'http://127.0.0.1:8000';
const proxied = { target: backend, changeOrigin: false };

const PURE = 'src/{model,logic}/**/*.test.ts';

export default defineConfig({
  plugins: [react()],
  // Known while building, so that the fonts for screenshots are left out of the product.
  define: { 'import.meta.env.VITE_E2E_FONTS': JSON.stringify(process.env['VITE_E2E_FONTS'] ?? '') },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': proxied, '/health': proxied } },
  preview: { host: '127.0.0.1', proxy: { '/api': proxied, '/health': proxied } },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    sourcemap: false,
    // scripts/sizes.mjs reads which chunks the first load takes.
    manifest: true,
    target: 'es2022',
    chunkSizeWarningLimit: 700,
  },
  test: {
    css: false,
    testTimeout: 15_000,
    // Left to itself it keeps a core free, which of two is half.
    maxWorkers: '100%',
    // What is pure is tested without a browser's globals, and to its last branch (`npm test`).
    projects: [
      { extends: true, test: { name: 'pure', environment: 'node', include: [PURE] } },
      {
        extends: true,
        test: {
          name: 'screens',
          environment: 'jsdom',
          setupFiles: ['./src/test-setup.ts'],
          include: ['src/**/*.test.{ts,tsx}'],
          exclude: [PURE],
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/{model,logic}/**/*.ts'],
      exclude: ['**/*.test.ts', 'src/model/arbitrary.ts', 'src/model/waySamples.ts'],
      reporter: [['text', { skipFull: true }]],
      reportsDirectory: 'node_modules/.cache/coverage',
      thresholds: { branches: 100, functions: 100, lines: 100, statements: 100 },
    },
  },
});
