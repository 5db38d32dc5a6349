import { ApiFailure } from '../http/failure.ts';
import type { Store } from '../store/store.ts';

/** A project's quota (reference/kakaocloud.md A.9). */
const quota = 500;

/** How many servers there are, and how many a project may have. */
export class Capacity {
  readonly #store: Store;
  readonly #servers: number;

  /** `servers`: all that the cloud has, those that are taken included. */
  constructor(store: Store, servers: number) {
    this.#store = store;
    this.#servers = servers;
  }

  /** Servers that nobody has. */
  left(): number {
    return Math.max(0, this.#servers - this.#count('SELECT count(*) AS total FROM instances'));
  }

  /**
   * How KakaoCloud refuses is not documented: a conflict with the state of the project, or of the cloud.
   *
   * @throws ApiFailure 409
   */
  require(projectId: string, count: number): void {
    // Instances of a large seed are no work of the project's members, and do not count.
    const held = this.#count(
      "SELECT count(*) AS total FROM instances WHERE project_id = ? AND hostname NOT LIKE 'bms-_____'",
      projectId,
    );
    if (held + count > quota)
      throw new ApiFailure(409, `The project may have ${quota} instances, and has ${held}`);
    const left = this.left();
    if (count > left) throw new ApiFailure(409, `There are ${left} servers left`);
  }

  #count(sql: string, ...values: string[]): number {
    return this.#store.get<{ total: number }>(sql, ...values)?.total ?? 0;
  }
}
