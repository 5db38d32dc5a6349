import { randomUUID } from 'node:crypto';
import type { CreateRule, StrictRule } from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import type { Store } from '../store/store.ts';
import type { SecurityGroups } from './security-groups.ts';

/** What may be done with security groups. All methods throw ApiFailure 404 for what the project does not have. */
export class SecurityGroupOperations {
  readonly #store: Store;
  readonly #groups: SecurityGroups;

  constructor(store: Store, groups: SecurityGroups) {
    this.#store = store;
    this.#groups = groups;
  }

  /**
   * The id of a new group without rules; which ones a new group really has is not documented.
   *
   * @throws ApiFailure 409 for a name that is taken
   */
  create({ projectId }: Account, name: string, description: string): string {
    return this.#store.transaction(() => {
      this.#requireFree(projectId, name);
      return insertSecurityGroup(this.#store, projectId, name, description, new Date().toISOString());
    });
  }

  /** @throws ApiFailure 409 for a name that is taken */
  update(
    caller: Account,
    id: string,
    { name, description }: { name?: string | null | undefined; description?: string | null | undefined },
  ): void {
    this.#store.transaction(() => {
      const group = this.#groups.get(caller, id);
      if (name != null && name !== group.name) this.#requireFree(caller.projectId, name);
      this.#store.run(
        'UPDATE security_groups SET name = ?, description = ?, updated_at = ? WHERE id = ?',
        name ?? group.name,
        description === undefined ? (group.description ?? '') : (description ?? ''),
        new Date().toISOString(),
        id,
      );
    });
  }

  /** @throws ApiFailure 409 while a network interface has it */
  remove(caller: Account, id: string): void {
    this.#store.transaction(() => {
      this.#groups.get(caller, id);
      if (this.#store.get('SELECT 1 FROM interface_groups WHERE group_id = ?', id) !== undefined) {
        throw new ApiFailure(409, 'A network interface has this security group');
      }
      this.#store.run('DELETE FROM security_groups WHERE id = ?', id);
    });
  }

  /** @throws ApiFailure 400 for ports of a protocol that has none and for an unknown group, 409 for a rule twice */
  addRule(caller: Account, groupId: string, wanted: CreateRule): StrictRule {
    const { port_range_min: from, port_range_max: to, remote_group_id: remote } = wanted;
    return this.#store.transaction(() => {
      const { rules } = this.#groups.get(caller, groupId);
      if (from != null && !['TCP', 'UDP'].includes(wanted.protocol)) {
        throw new ApiFailure(400, `security_group_rule.port_range_min: ${wanted.protocol} has no ports`);
      }
      if (remote != null) this.#requireRemote(caller, remote);
      const same = rules.some(
        (rule) =>
          rule.direction === wanted.direction &&
          rule.protocol === wanted.protocol &&
          rule.port_range_min === (from == null ? null : String(from)) &&
          rule.port_range_max === (to == null ? null : String(to)) &&
          rule.remote_ip_prefix === (wanted.remote_ip_prefix ?? null) &&
          rule.remote_group_id === (remote ?? null),
      );
      if (same) throw new ApiFailure(409, 'The security group has this rule already');
      const id = randomUUID();
      this.#store.run(
        `INSERT INTO security_group_rules (id, group_id, direction, protocol, port_range_min, port_range_max,
           remote_ip_prefix, remote_group_id, description, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        id,
        groupId,
        wanted.direction,
        wanted.protocol,
        from ?? null,
        to ?? null,
        wanted.remote_ip_prefix ?? null,
        remote ?? null,
        wanted.description ?? '',
        new Date().toISOString(),
      );
      return this.#rule(caller, groupId, id);
    });
  }

  removeRule(caller: Account, groupId: string, ruleId: string): void {
    this.#store.run('DELETE FROM security_group_rules WHERE id = ?', this.#rule(caller, groupId, ruleId).id);
  }

  #rule(caller: Account, groupId: string, ruleId: string): StrictRule {
    const rule = this.#groups.get(caller, groupId).rules.find(({ id }) => id === ruleId);
    if (rule === undefined) throw new ApiFailure(404, `The security group has no rule ${ruleId}`);
    return rule;
  }

  #requireFree(projectId: string, name: string): void {
    const taken = this.#store.get(
      'SELECT 1 FROM security_groups WHERE project_id = ? AND name = ?',
      projectId,
      name,
    );
    if (taken !== undefined) throw new ApiFailure(409, `There is a security group ${name} already`);
  }

  #requireRemote({ projectId }: Account, id: string): void {
    const group = this.#store.get(
      'SELECT 1 FROM security_groups WHERE project_id = ? AND id = ?',
      projectId,
      id,
    );
    if (group === undefined) {
      throw new ApiFailure(400, `security_group_rule.remote_group_id: there is no security group ${id}`);
    }
  }
}

export function insertSecurityGroup(
  store: Store,
  projectId: string,
  name: string,
  description: string,
  at: string,
): string {
  const id = randomUUID();
  store.run(
    `INSERT INTO security_groups (id, project_id, name, description, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    id,
    projectId,
    name,
    description,
    at,
    at,
  );
  return id;
}
