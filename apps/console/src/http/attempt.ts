import { RequestError } from './request-error.ts';

/**
 * What one form asks for. Where nothing answers, the same content that is sent again carries the same
 * Idempotency-Key, so that it is not made twice; an answer, or other content, begins anew.
 */
export class Attempt {
  #asked: string | null = null;
  #key = '';

  keyFor(path: string, body: object): string {
    const asked = `${path} ${JSON.stringify(body)}`;
    if (asked !== this.#asked) this.#key = crypto.randomUUID();
    this.#asked = asked;
    return this.#key;
  }

  /** `error`: null after a success */
  ended(error: unknown): void {
    const isOpen =
      error instanceof RequestError &&
      (error.requestId === undefined || error.code === 'idempotency.unanswered');
    if (!isOpen) this.#asked = null;
  }
}
