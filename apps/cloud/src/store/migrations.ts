/** A random UUID of version 4, for rows that a step makes. */
const uuid = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
  || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))`;

/**
 * The schema, as steps that are only ever added to. Times are RFC 3339 text in UTC, so that they sort as text;
 * ids are UUIDs of version 4 (reference/kakaocloud.md C.3). `detail` of flavors and images is how the wire shows them
 * inside an instance, `catalogue` how it shows them on their own. Foreign keys are off while a step runs.
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
  `
  ALTER TABLE flavors ADD COLUMN catalogue TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE flavors ADD COLUMN created_at TEXT NOT NULL DEFAULT '';
  ALTER TABLE images ADD COLUMN catalogue TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE images ADD COLUMN created_at TEXT NOT NULL DEFAULT '';

  CREATE TABLE key_pairs (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (project_id, user_id, name)
  ) STRICT;

  ALTER TABLE instances ADD COLUMN authorized_key TEXT;
  ALTER TABLE instances ADD COLUMN user_data TEXT;
  ALTER TABLE instances ADD COLUMN is_bonding INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE instances ADD COLUMN is_hyper_threading INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE instances ADD COLUMN task TEXT
    CHECK (task IN ('create', 'start', 'stop', 'hard-reboot', 'rebuild', 'delete'));
  ALTER TABLE instances ADD COLUMN task_stage INTEGER;
  ALTER TABLE instances ADD COLUMN stage_until INTEGER;
  ALTER TABLE instances ADD COLUMN action_id TEXT;
  CREATE INDEX instances_under_way ON instances (task) WHERE task IS NOT NULL;
  CREATE UNIQUE INDEX instances_by_hostname ON instances (hostname);

  CREATE TABLE actions (
    id TEXT PRIMARY KEY,
    instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    action TEXT NOT NULL,
    request_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    start_time TEXT NOT NULL,
    message TEXT,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX actions_by_instance ON actions (instance_id, start_time);

  ALTER TABLE network_interfaces ADD COLUMN goes_with_instance INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE network_interfaces ADD COLUMN address_pairs TEXT NOT NULL DEFAULT '[]';
  CREATE INDEX network_interfaces_by_subnet ON network_interfaces (subnet_id);

  CREATE TABLE security_groups (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (project_id, name)
  ) STRICT;
  INSERT INTO security_groups (id, project_id, name, description, created_at, updated_at)
    SELECT ${uuid}, project_id, 'default', '', min(created_at), min(created_at) FROM vpcs GROUP BY project_id;
  CREATE TABLE security_group_rules (
    id TEXT PRIMARY KEY,
    group_id TEXT NOT NULL REFERENCES security_groups (id) ON DELETE CASCADE,
    direction TEXT NOT NULL CHECK (direction IN ('ingress', 'egress')),
    protocol TEXT NOT NULL CHECK (protocol IN ('TCP', 'UDP', 'ICMP', 'IPIP', 'ALL')),
    port_range_min INTEGER,
    port_range_max INTEGER,
    remote_ip_prefix TEXT,
    remote_group_id TEXT REFERENCES security_groups (id) ON DELETE CASCADE,
    description TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE interface_groups (
    network_interface_id TEXT NOT NULL REFERENCES network_interfaces (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES security_groups (id),
    PRIMARY KEY (network_interface_id, group_id)
  ) STRICT;
  CREATE INDEX interface_groups_by_group ON interface_groups (group_id);

  CREATE TABLE route_tables (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    vpc_id TEXT NOT NULL REFERENCES vpcs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  INSERT INTO route_tables (id, project_id, vpc_id, name, created_at, updated_at)
    SELECT route_table_id, project_id, id, name || '-routes', created_at, created_at FROM vpcs;

  CREATE TABLE routes (
    id TEXT PRIMARY KEY,
    route_table_id TEXT NOT NULL REFERENCES route_tables (id) ON DELETE CASCADE,
    destination TEXT NOT NULL,
    target_type TEXT NOT NULL CHECK (target_type IN ('local', 'igw', 'instance', 'tgw')),
    target_id TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (route_table_id, destination)
  ) STRICT;
  INSERT INTO routes (id, route_table_id, destination, target_type, target_id, created_at)
    SELECT ${uuid}, route_table_id, cidr_block, 'local', NULL, created_at FROM vpcs;
  INSERT INTO routes (id, route_table_id, destination, target_type, target_id, created_at)
    SELECT ${uuid}, route_table_id, '0.0.0.0/0', 'igw', internet_gateway_id, created_at FROM vpcs
    WHERE internet_gateway_id IS NOT NULL;

  CREATE TABLE wider_subnets (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    vpc_id TEXT NOT NULL REFERENCES vpcs (id),
    name TEXT NOT NULL,
    availability_zone TEXT NOT NULL,
    cidr_block TEXT NOT NULL,
    gateway TEXT NOT NULL,
    network TEXT NOT NULL UNIQUE,
    route_table_id TEXT NOT NULL REFERENCES route_tables (id),
    association_id TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  INSERT INTO wider_subnets
    SELECT s.id, s.project_id, s.vpc_id, s.name, s.availability_zone, s.cidr_block, s.gateway, s.network,
      v.route_table_id, ${uuid}, s.created_at, s.updated_at
    FROM subnets s JOIN vpcs v ON v.id = s.vpc_id;
  DROP TABLE subnets;
  ALTER TABLE wider_subnets RENAME TO subnets;
  `,
  // a console asks again and again for what changed last
  `
  CREATE INDEX instances_by_change ON instances (project_id, updated_at, id);
  CREATE INDEX network_interfaces_by_change ON network_interfaces (project_id, updated_at, id);
  CREATE INDEX public_ips_by_change ON public_ips (project_id, updated_at, id);
  `,
];
