import type { Pagination, StrictRule, StrictSecurityGroup, securityGroupFilters } from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import { type Listing, listPage } from '../store/lists.ts';
import type { Store } from '../store/store.ts';

interface GroupRow {
  id: string;
  project_id: string;
  name: string;
  description: string;
  created_at: string;
  updated_at: string;
}

interface RuleRow extends Omit<StrictRule, 'port_range_min' | 'port_range_max' | 'updated_at'> {
  group_id: string;
  port_range_min: number | null;
  port_range_max: number | null;
  created_at: string;
}

const listing: Listing<(typeof securityGroupFilters)[number]> = {
  select: 'g.*',
  from: 'security_groups g',
  project: 'g.project_id',
  id: 'g.id',
  filters: {
    id: 'g.id = ?',
    name: 'instr(lower(g.name), lower(?)) > 0',
    created_at: 'g.created_at = ?',
    updated_at: 'g.updated_at = ?',
  },
  sorts: {
    id: 'g.id',
    name: 'g.name COLLATE NOCASE',
    created_at: 'g.created_at',
    updated_at: 'g.updated_at',
  },
};

/** Security groups with their rules in their wire form (reference/kakaocloud.md C.6). */
export class SecurityGroups {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  list(
    caller: Account,
    query: Record<string, unknown>,
  ): { security_groups: StrictSecurityGroup[]; pagination: Pagination } {
    const { rows, pagination } = listPage<GroupRow>(this.#store, listing, caller.projectId, query);
    return { security_groups: this.#wire(rows, caller), pagination };
  }

  /** @throws ApiFailure 404 */
  get(caller: Account, id: string): StrictSecurityGroup {
    const rows = this.#store.all<GroupRow>(
      'SELECT * FROM security_groups WHERE project_id = ? AND id = ?',
      caller.projectId,
      id,
    );
    const [group] = this.#wire(rows, caller);
    if (group === undefined) throw new ApiFailure(404, `There is no security group ${id}`);
    return group;
  }

  #wire(rows: GroupRow[], caller: Account): StrictSecurityGroup[] {
    const rules = this.#rules(JSON.stringify(rows.map((row) => row.id)));
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      is_stateful: true,
      tags: [],
      rules: (rules.get(row.id) ?? []).map(ruleWire),
      project_id: row.project_id,
      project_name: caller.projectName,
      created_at: row.created_at,
      updated_at: row.updated_at,
    }));
  }

  #rules(groupIds: string): Map<string, RuleRow[]> {
    const rows = this.#store.all<RuleRow>(
      `SELECT r.*, g.name AS remote_group_name
       FROM security_group_rules r LEFT JOIN security_groups g ON g.id = r.remote_group_id
       WHERE r.group_id IN (SELECT value FROM json_each(?)) ORDER BY r.created_at, r.rowid`,
      groupIds,
    );
    return Map.groupBy(rows, (row) => row.group_id);
  }
}

function ruleWire({ group_id: _, port_range_min: from, port_range_max: to, ...rule }: RuleRow): StrictRule {
  return {
    ...rule,
    port_range_min: from === null ? null : String(from),
    port_range_max: to === null ? null : String(to),
    updated_at: rule.created_at,
  };
}
