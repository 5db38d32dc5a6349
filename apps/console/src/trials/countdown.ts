import { useEffect, useState } from 'react';

/** Seconds that are left until a time; at 0 it stays there. Counts to the host's deadline, whoever can be reached. */
export function secondsLeft(deadline: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(deadline) - now) / 1000));
}

/** When the time that is left is said aloud: at the start and at these seconds, never in between. */
const saidAt = [60, 30, 10];

export function isSaid(before: number, now: number): boolean {
  return saidAt.some((mark) => before > mark && now <= mark);
}

export function useSecondsLeft(deadline: string | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (deadline === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [deadline]);
  return deadline === null ? null : secondsLeft(deadline, now);
}
