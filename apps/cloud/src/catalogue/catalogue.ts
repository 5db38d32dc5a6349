import {
  availabilityZones,
  type flavorFilters,
  type imageFilters,
  type Pagination,
  type StrictFlavor,
  type StrictImage,
} from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Capacity } from '../instances/capacity.ts';
import { type Listing, listPage } from '../store/lists.ts';
import type { Store } from '../store/store.ts';

interface CatalogueRow {
  catalogue: string;
}

const field = (name: string) => `json_extract(c.catalogue, '$.${name}')`;
const equal = (name: string) => `${field(name)} = ?`;
/** The query's text, compared with a number of the catalogue. */
const number = (name: string) => `CAST(${field(name)} AS TEXT) = ?`;
const flag = (name: string) => `iif(${field(name)}, 'true', 'false') = lower(?)`;
const none = '? IS NULL';
const sorts = {
  id: 'c.id',
  name: 'c.name COLLATE NOCASE',
  created_at: 'c.created_at',
  updated_at: 'c.created_at',
};
const common = {
  id: 'c.id = ?',
  name: 'instr(lower(c.name), lower(?)) > 0',
  instance_type: `${field('instance_type')} = lower(?)`,
  created_at: 'c.created_at = ?',
  updated_at: 'c.created_at = ?',
};

const flavors: Listing<(typeof flavorFilters)[number]> = {
  select: 'c.catalogue',
  from: 'flavors c',
  project: null,
  id: 'c.id',
  filters: {
    ...common,
    is_burstable: flag('is_burstable'),
    vcpus: number('vcpus'),
    architecture: equal('architecture'),
    memory_mb: number('memory_mb'),
    instance_family: equal('instance_family'),
    instance_size: equal('instance_size'),
    manufacturer: equal('manufacturer'),
    maximum_network_interfaces: number('maximum_network_interfaces'),
    processor: equal('processor'),
  },
  sorts: { ...sorts, vcpus: field('vcpus'), memory_mb: field('memory_mb') },
};

const images: Listing<(typeof imageFilters)[number]> = {
  select: 'c.catalogue',
  from: 'images c',
  project: null,
  id: 'c.id',
  filters: {
    ...common,
    // All are the cloud's own; nobody makes images here.
    image_type: "lower(?) = 'basic'",
    size: number('size'),
    min_disk: number('min_disk'),
    disk_format: equal('disk_format'),
    status: `${field('status')} = lower(?)`,
    os_type: `${field('os_info.type')} = lower(?)`,
    visibility: equal('visibility'),
    image_member_status: none,
  },
  sorts: { ...sorts, size: field('size') },
};

/** Flavors and images, the same for every project (reference/kakaocloud.md C.4; official SDK, Image). */
export class Catalogue {
  readonly #store: Store;
  readonly #capacity: Capacity;

  constructor(store: Store, capacity: Capacity) {
    this.#store = store;
    this.#capacity = capacity;
  }

  listFlavors(query: Record<string, unknown>): { flavors: StrictFlavor[]; pagination: Pagination } {
    const { rows, pagination } = listPage<CatalogueRow>(this.#store, flavors, '', query);
    return { flavors: rows.map((row) => this.#flavor(row)), pagination };
  }

  /** @throws ApiFailure 404 */
  flavor(id: string): StrictFlavor {
    const row = this.#store.get<CatalogueRow>('SELECT catalogue FROM flavors WHERE id = ?', id);
    if (row === undefined) throw new ApiFailure(404, `There is no flavor ${id}`);
    return this.#flavor(row);
  }

  listImages(query: Record<string, unknown>): { images: StrictImage[]; pagination: Pagination } {
    const { rows, pagination } = listPage<CatalogueRow>(this.#store, images, '', query);
    return { images: rows.map(imageOf), pagination };
  }

  /** @throws ApiFailure 404 */
  image(id: string): StrictImage {
    const row = this.#store.get<CatalogueRow>('SELECT catalogue FROM images WHERE id = ?', id);
    if (row === undefined) throw new ApiFailure(404, `There is no image ${id}`);
    return imageOf(row);
  }

  #flavor({ catalogue }: CatalogueRow): StrictFlavor {
    const left = this.#capacity.left();
    const available = Object.fromEntries(availabilityZones.map((zone) => [zone, left]));
    return { ...(JSON.parse(catalogue) as Omit<StrictFlavor, 'available'>), available };
  }
}

function imageOf({ catalogue }: CatalogueRow): StrictImage {
  return JSON.parse(catalogue) as StrictImage;
}
