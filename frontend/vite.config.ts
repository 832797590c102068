import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// During development the product answers on 8000 (`just up`); RULEYARD_URL points elsewhere.
const backend = process.env['RULEYARD_URL'] ?? 'http://127.0.0.1:8000';
const proxied = { target: backend, changeOrigin: false };

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
    environment: 'jsdom',
    setupFiles: ['./src/test-setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
    testTimeout: 15_000,
  },
});
