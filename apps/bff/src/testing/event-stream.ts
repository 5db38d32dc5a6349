import { get } from 'node:http';
import { apiHeader, apiPaths, type Event, eventSchema, lastEventHeader } from '@moru/types';
import { type Browser, publicUrl } from './browser.ts';
import { until } from './until.ts';

export interface Told {
  id: number | null;
  event: Event;
}

export interface EventStream {
  status: number;
  /** what was told so far, without heartbeats */
  told: Told[];
  ended: boolean;
  /** the last frame that was no event: a heartbeat, or the time to come back */
  last: string;
  /** resolves with the first event that fits, told before or after the call */
  next(fits: (event: Event) => boolean): Promise<Told>;
  close(): void;
}

/** Opens the stream of events as the console does. */
export function openEvents(port: number, { cookie }: Browser, after?: number): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const request = get({
      port,
      path: apiPaths.events,
      agent: false,
      headers: {
        host: new URL(publicUrl).host,
        [apiHeader.name]: apiHeader.value,
        ...(cookie && { cookie }),
        ...(after !== undefined && { [lastEventHeader]: String(after) }),
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let rest = '';
      const stream: EventStream = {
        status: response.statusCode ?? 0,
        told: [],
        ended: false,
        last: '',
        next: (fits) =>
          until(10_000, () => {
            const found = stream.told.find(({ event }) => fits(event));
            if (!found) throw new Error(`not among ${stream.told.length} events`);
            return found;
          }),
        close: () => request.destroy(),
      };
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const frames = (rest + chunk).split('\n\n');
        rest = frames.pop() ?? '';
        for (const each of frames) {
          const told = parseFrame(each);
          if (told) stream.told.push(told);
          else stream.last = each;
        }
      });
      const ended = () => {
        stream.ended = true;
      };
      response.on('close', ended);
      response.on('error', ended);
      resolve(stream);
    });
  });
}

function parseFrame(text: string): Told | null {
  const fields = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const data = fields.get('data');
  if (data === undefined) return null;
  const id = fields.get('id');
  return { id: id === undefined ? null : Number(id), event: eventSchema.parse(JSON.parse(data)) };
}
