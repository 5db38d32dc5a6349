import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BareHost, startBareHost } from '../testing/bare-host.ts';
import { canMountImages, copyDisk, makeDiskImage } from '../testing/safety/disk-image.ts';
import { cutPowerWhileSaving } from '../testing/safety/power-cut.ts';

/** The long form is `npm run chaos`. */
const rounds = 5;

// where the kernel mounts no image, this is skipped by name
describe.skipIf(!(await canMountImages())).concurrent('F5: the power is cut during a save', () => {
  it('leaves the old or the new file, whole, and boots with it', async () => {
    expect(await cutPowerWhileSaving('nft', rounds)).toEqual({ runs: rounds, held: rounds, problems: [] });
  }, 120_000);

  it('on a disk that does lose what is not synchronised: a rename alone leaves an empty file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'moru-power-'));
    const [image, copy] = [join(folder, 'disk'), join(folder, 'copy')];
    const onDisk = async (disk: string, act: (host: BareHost) => Promise<string>) => {
      const host = await startBareHost('nft', disk);
      return act(host).finally(() => host.stop());
    };
    try {
      await makeDiskImage(image);
      await onDisk(image, async (host) => {
        const steps = [
          'cd /etc',
          'echo old > file',
          'sync file . /run/disk',
          'echo new > file.new',
          'mv file.new file',
          // what another program synchronises takes the name to the disk, and not what is in the file
          'echo > other',
          'sync other',
        ];
        const { stderr } = await host.run('sh', ['-ec', steps.join('\n')]);
        await copyDisk(image, copy);
        return stderr;
      });
      const found = await onDisk(copy, async (host) => (await host.run('cat', ['/etc/file'])).stdout);
      expect(found).toBe('');
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});
