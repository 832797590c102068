/** The browser's evaluator for scripts: src/logic bundled in memory, as it stands. */
import { build } from 'vite';

/** The exports of src/logic/index.ts. */
export async function loadLogic() {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: new URL('..', import.meta.url).pathname,
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: 'src/logic/index.ts', formats: ['es'], fileName: 'logic' },
    },
  });
  const [{ output }] = Array.isArray(built) ? built : [built];
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}
