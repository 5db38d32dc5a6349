// more than these do not fit a cell; the firewall page has them all
const shown = 4;

/**
 * `tcp/22, 80, udp/53`: one protocol's ports together, in the order in which they came.
 * @param ports as `tcp/22`; `limit` cuts with `…`
 */
export function portWords(ports: readonly string[], limit = shown): string {
  const words: string[] = [];
  let last = '';
  for (const port of ports.slice(0, limit)) {
    const [protocol = '', number] = port.split('/');
    words.push(number !== undefined && protocol === last ? number : port);
    last = protocol;
  }
  return words.join(', ') + (ports.length > limit ? ' …' : '');
}
