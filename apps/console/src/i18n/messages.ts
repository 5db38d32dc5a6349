import type { activityKo } from './activity.ko.ts';
import type { firewallKo } from './firewall.ko.ts';
import type { hostsKo } from './hosts.ko.ts';
import type { instanceKo } from './instance.ko.ts';
import type { ko } from './ko.ts';
import type { lifecycleKo } from './lifecycle.ko.ts';
import type { listKo } from './list.ko.ts';
import type { paletteKo } from './palette.ko.ts';
import type { publicIpKo } from './public-ip.ko.ts';
import type { referenceKo } from './reference.ko.ts';
import type { rolloutKo } from './rollout.ko.ts';
import type { routingKo } from './routing.ko.ts';
import type { sessionsKo } from './sessions.ko.ts';

/** The shape of a catalogue, whatever its words. */
export type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };

/** The keys of the default language; every other language has exactly these. */
export type Messages = Words<typeof ko> &
  Words<typeof firewallKo> &
  Words<typeof lifecycleKo> &
  Words<typeof instanceKo> &
  Words<typeof listKo> &
  Words<typeof paletteKo> &
  Words<typeof publicIpKo> &
  Words<typeof rolloutKo> &
  Words<typeof routingKo> &
  Words<typeof sessionsKo> &
  Words<typeof activityKo> &
  Words<typeof hostsKo> &
  Words<typeof referenceKo>;
