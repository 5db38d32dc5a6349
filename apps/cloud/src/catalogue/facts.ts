import type { HostSpec } from '@moru/hosts';
import {
  availabilityZones,
  type StrictFlavor,
  type StrictImage,
  type StrictInstance,
} from '@moru/kakaocloud';

export interface FlavorFacts {
  name: string;
  description: string;
  manufacturer: string;
  processor: string;
  vcpus: number;
  memoryGiB: number;
  rootGb: number;
  accelerator: { type: string; name: string; count: number } | null;
}

/** The bare metal flavors that exist (reference/kakaocloud.md A.7); their sizes are of our choosing. */
export const flavorFacts: FlavorFacts[] = [
  {
    name: 'r2a.baremetal',
    description: 'Memory optimized',
    manufacturer: 'AMD',
    processor: 'EPYC',
    vcpus: 96,
    memoryGiB: 1024,
    rootGb: 960,
    accelerator: null,
  },
  {
    name: 'p2a.baremetal',
    description: 'Accelerated computing',
    manufacturer: 'AMD',
    processor: 'EPYC',
    vcpus: 128,
    memoryGiB: 2048,
    rootGb: 1920,
    accelerator: { type: 'gpu', name: 'NVIDIA A100', count: 8 },
  },
  {
    name: 'p1i.baremetal',
    description: 'Accelerated computing',
    manufacturer: 'Intel',
    processor: 'Xeon',
    vcpus: 64,
    memoryGiB: 512,
    rootGb: 960,
    accelerator: { type: 'gpu', name: 'NVIDIA V100', count: 8 },
  },
];

export interface ImageFacts {
  name: string;
  version: string;
  backend: HostSpec['backend'];
}

/** Ubuntu ships legacy as the default iptables up to 20.04 and nft from 22.04 on. */
export const imageFacts: ImageFacts[] = [
  { name: 'Ubuntu 20.04', version: '20.04', backend: 'legacy' },
  { name: 'Ubuntu 22.04', version: '22.04', backend: 'nft' },
];

const imageBytes = 2_361_393_152;
const osAdmin = 'ubuntu';

/** As an instance shows it. */
export function flavorInside(id: string, facts: FlavorFacts): StrictInstance['flavor'] {
  return {
    id,
    name: facts.name,
    group: familyOf(facts),
    vcpus: facts.vcpus,
    is_burstable: false,
    manufacturer: facts.manufacturer,
    memory_mb: facts.memoryGiB * 1024,
    root_gb: facts.rootGb,
    disk_type: 'local',
    instance_family: facts.description,
    os_distro: ['ubuntu'],
    maximum_network_interfaces: 4,
    hw_type: facts.accelerator?.type ?? null,
    hw_count: facts.accelerator?.count ?? null,
    is_hyper_threading_supported: true,
    real_vcpus: facts.vcpus,
  };
}

/** As the catalogue shows it; how many there are is counted when it is asked for. */
export function flavorInCatalogue(
  id: string,
  facts: FlavorFacts,
  at: string,
): Omit<StrictFlavor, 'available'> {
  return {
    id,
    name: facts.name,
    description: facts.description,
    vcpus: facts.vcpus,
    memory_mb: facts.memoryGiB * 1024,
    group: familyOf(facts),
    instance_type: 'bm',
    architecture: 'x86_64',
    manufacturer: facts.manufacturer,
    processor: facts.processor,
    instance_family: familyOf(facts),
    instance_size: 'baremetal',
    availability_zone: [...availabilityZones],
    disk_type: 'local',
    root_gb: facts.rootGb,
    os_distro: 'ubuntu',
    hw_count: facts.accelerator?.count ?? null,
    hw_type: facts.accelerator?.type ?? null,
    hw_name: facts.accelerator?.name ?? null,
    maximum_network_interfaces: 4,
    is_burstable: false,
    is_hyper_threading_disabled: false,
    is_hyper_threading_supported: true,
    is_hyper_threading_disable_supported: true,
    created_at: at,
    updated_at: at,
  };
}

export function imageInside(id: string, { name, version }: ImageFacts, at: string): StrictInstance['image'] {
  return {
    id,
    name,
    description: describe(version),
    owner: 'kakaocloud',
    is_windows: false,
    size: imageBytes,
    status: 'active',
    image_type: 'basic',
    disk_format: 'raw',
    instance_type: 'bm',
    member_status: null,
    min_disk: 20,
    min_memory: 0,
    os_admin: osAdmin,
    os_distro: 'ubuntu',
    os_type: 'linux',
    os_architecture: 'x86_64',
    created_at: at,
    updated_at: at,
  };
}

export function imageInCatalogue(id: string, { name, version }: ImageFacts, at: string): StrictImage {
  return {
    id,
    name,
    description: describe(version),
    size: imageBytes,
    status: 'active',
    owner: 'kakaocloud',
    visibility: 'public',
    is_shared: false,
    disk_format: 'raw',
    container_format: 'bare',
    min_disk: 20,
    min_ram: 0,
    virtual_size: null,
    instance_type: 'bm',
    image_member_status: null,
    project_id: null,
    os_info: {
      type: 'linux',
      distro: 'ubuntu',
      architecture: 'x86_64',
      admin_user: osAdmin,
      is_hidden: false,
    },
    created_at: at,
    updated_at: at,
  };
}

/** `r2a` of `r2a.baremetal`. */
const familyOf = ({ name }: FlavorFacts) => name.split('.')[0] ?? name;
const describe = (version: string) => `Ubuntu ${version} LTS for bare metal`;
