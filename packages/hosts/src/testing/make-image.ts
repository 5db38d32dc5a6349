import { machineImage } from '../machines/image.ts';

/** Makes the image of machines where there is none, for whoever will need it later (tools/test.js). */
await machineImage().catch(() => {
  // the tests that need it say why there is none
});
