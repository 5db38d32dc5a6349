/**
 * The schema, as steps that are only ever added to. Times are RFC 3339 text in UTC, so that they sort as text;
 * ids are UUIDs of version 4 (reference/kakaocloud.md C.3). `flavors.detail` and `images.detail` hold the wire form.
 */
export const migrations = [
  `
  CREATE TABLE tokens (
    hash TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    access_key_id TEXT NOT NULL,
    audit_id TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE vpcs (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    cidr_block TEXT NOT NULL,
    is_default INTEGER NOT NULL,
    internet_gateway_id TEXT,
    route_table_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE subnets (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    vpc_id TEXT NOT NULL REFERENCES vpcs (id),
    name TEXT NOT NULL,
    availability_zone TEXT NOT NULL,
    cidr_block TEXT NOT NULL,
    gateway TEXT NOT NULL,
    network TEXT NOT NULL CHECK (network IN ('front', 'back')),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE flavors (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, detail TEXT NOT NULL) STRICT;

  CREATE TABLE images (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    backend TEXT NOT NULL CHECK (backend IN ('legacy', 'nft')),
    detail TEXT NOT NULL
  ) STRICT;

  CREATE TABLE instances (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    hostname TEXT NOT NULL,
    key_name TEXT,
    status TEXT NOT NULL,
    vm_state TEXT NOT NULL,
    task_state TEXT,
    power_state TEXT NOT NULL,
    availability_zone TEXT NOT NULL,
    flavor_id TEXT NOT NULL REFERENCES flavors (id),
    image_id TEXT NOT NULL REFERENCES images (id),
    web_server INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX instances_by_age ON instances (project_id, created_at, id);

  CREATE TABLE network_interfaces (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    instance_id TEXT REFERENCES instances (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    subnet_id TEXT NOT NULL REFERENCES subnets (id),
    mac_address TEXT NOT NULL UNIQUE,
    private_ip TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (subnet_id, private_ip),
    UNIQUE (instance_id, position)
  ) STRICT;
  CREATE INDEX network_interfaces_by_age ON network_interfaces (project_id, created_at, id);

  CREATE TABLE public_ips (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    address TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('available', 'attaching', 'in_use')),
    network_interface_id TEXT UNIQUE REFERENCES network_interfaces (id),
    attaching_until INTEGER,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK ((status = 'available') = (network_interface_id IS NULL)),
    CHECK ((status = 'attaching') = (attaching_until IS NOT NULL))
  ) STRICT;
  CREATE INDEX public_ips_by_age ON public_ips (project_id, created_at, id);
  `,
];
