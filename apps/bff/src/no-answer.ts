/** An upstream or an agent gave no usable answer. `sent` is false only when the request certainly never reached it. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly timedOut: boolean;
  readonly sent: boolean;

  constructor(message: string, facts: { timedOut: boolean; sent: boolean }, options?: ErrorOptions) {
    super(message, options);
    this.timedOut = facts.timedOut;
    this.sent = facts.sent;
  }
}
