import { randomUUID } from 'node:crypto';
import type { HostSpec } from '@moru/hosts';
import type { StrictInstance } from '@moru/kakaocloud';

type Flavor = StrictInstance['flavor'];
type Image = StrictInstance['image'];

interface FlavorFacts {
  name: string;
  manufacturer: string;
  vcpus: number;
  memoryGiB: number;
  rootGb: number;
  accelerator: { type: string; count: number } | null;
}

/** The bare metal flavors that exist (reference/kakaocloud.md A.7); their sizes are of our choosing. */
const flavorFacts: FlavorFacts[] = [
  {
    name: 'r2a.baremetal',
    manufacturer: 'AMD',
    vcpus: 96,
    memoryGiB: 1024,
    rootGb: 960,
    accelerator: null,
  },
  {
    name: 'p2a.baremetal',
    manufacturer: 'AMD',
    vcpus: 128,
    memoryGiB: 2048,
    rootGb: 1920,
    accelerator: { type: 'NVIDIA A100', count: 8 },
  },
  {
    name: 'p1i.baremetal',
    manufacturer: 'Intel',
    vcpus: 64,
    memoryGiB: 512,
    rootGb: 960,
    accelerator: { type: 'NVIDIA V100', count: 8 },
  },
];

/** Ubuntu ships legacy as the default iptables up to 20.04 and nft from 22.04 on. */
const imageFacts: { name: string; version: string; backend: HostSpec['backend'] }[] = [
  { name: 'Ubuntu 20.04', version: '20.04', backend: 'legacy' },
  { name: 'Ubuntu 22.04', version: '22.04', backend: 'nft' },
];

export function flavors(): Flavor[] {
  return flavorFacts.map((facts) => ({
    id: randomUUID(),
    name: facts.name,
    group: facts.name.slice(0, 3),
    vcpus: facts.vcpus,
    is_burstable: false,
    manufacturer: facts.manufacturer,
    memory_mb: facts.memoryGiB * 1024,
    root_gb: facts.rootGb,
    disk_type: 'local',
    instance_family: facts.accelerator === null ? 'Memory optimized' : 'Accelerated computing',
    os_distro: ['ubuntu'],
    maximum_network_interfaces: 4,
    hw_type: facts.accelerator?.type ?? null,
    hw_count: facts.accelerator?.count ?? null,
    is_hyper_threading_supported: true,
    real_vcpus: facts.vcpus,
  }));
}

/** `at` is when they were published, RFC 3339. */
export function images(at: string): { backend: HostSpec['backend']; image: Image }[] {
  return imageFacts.map(({ name, version, backend }) => ({
    backend,
    image: {
      id: randomUUID(),
      name,
      description: `Ubuntu ${version} LTS for bare metal`,
      owner: 'kakaocloud',
      is_windows: false,
      size: 2_361_393_152,
      status: 'active',
      image_type: 'system',
      disk_format: 'raw',
      instance_type: 'bm',
      member_status: null,
      min_disk: 20,
      min_memory: 0,
      os_admin: 'ubuntu',
      os_distro: 'ubuntu',
      os_type: 'linux',
      os_architecture: 'x86_64',
      created_at: at,
      updated_at: at,
    },
  }));
}
