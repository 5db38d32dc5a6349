/** What a stream of server-sent events says, one frame at a time. */
export interface Frame {
  /** the number after which a stream goes on; null for what is about this stream alone */
  id: string | null;
  event: string;
  data: string;
  /** how long to wait before connecting again, in ms; null where the frame does not say */
  retry: number | null;
}

/**
 * Puts pieces of a stream together to frames (https://html.spec.whatwg.org/multipage/server-sent-events.html). A comment,
 * which is a heartbeat, is no frame. A frame that never ends is given up beyond `maximum` characters.
 */
export function createFrameReader(maximum = 4_000_000): (piece: string) => Frame[] {
  let rest = '';
  return (piece) => {
    const blocks = (rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    if (rest.length > maximum) throw new RangeError('a frame does not end');
    return blocks.flatMap((block) => readFrame(block) ?? []);
  };
}

function readFrame(block: string): Frame | null {
  const frame: Frame = { id: null, event: 'message', data: '', retry: null };
  let said = false;
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (name === 'id') frame.id = value;
    else if (name === 'event') frame.event = value;
    else if (name === 'data') frame.data = frame.data ? `${frame.data}\n${value}` : value;
    else if (name === 'retry' && /^\d+$/.test(value)) frame.retry = Number(value);
    else continue;
    said = true;
  }
  return said ? frame : null;
}
