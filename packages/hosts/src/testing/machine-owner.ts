import type { HostSpec } from '../driver.ts';
import { packagedAgent } from '../machines/agent.ts';
import { machineDriver } from '../machines/driver.ts';
import { machineImage } from '../machines/image.ts';
import { createFabric } from '../namespaces/fabric.ts';

/**
 * A process that a test can kill, with a machine of its own. Arguments: FOLDER SPEC, the latter as JSON. Says
 * `booted` and stays.
 */
const [folder = '', spec = ''] = process.argv.slice(2);
const driver = await machineDriver({
  fabric: await createFabric(),
  image: await machineImage(),
  dataFolder: folder,
  logFolder: folder,
  agent: await packagedAgent(),
});
await driver.start(JSON.parse(spec) as HostSpec);
process.stdout.write('booted\n');
setInterval(() => {}, 60_000);
