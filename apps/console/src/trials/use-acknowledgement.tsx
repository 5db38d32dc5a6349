import type { AccessReport, Acknowledgement } from '@moru/types';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Checkbox } from '../ui/checkbox.tsx';
import { TextField } from '../ui/text-field.tsx';
import { standInPaths } from './worst-path.ts';

export interface Acknowledged {
  /** what a start says was seen */
  acknowledged: Acknowledgement;
  /** a way in is cut: the button says so too */
  lost: boolean;
  /** what is still to be typed or ticked; null where nothing is */
  missing: string | null;
  fields: ReactNode;
}

/** A way that the change cuts needs the host's name typed; one that nobody can judge, a tick that names it. */
export function useAcknowledgement(access: AccessReport | null, fallback: string): Acknowledged {
  const { t } = useTranslation();
  const [typedName, setTypedName] = useState('');
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const standIns = standInPaths(access);
  const lost = (access?.needs.lost ?? []).length > 0 || standIns.some(({ draft }) => draft.state === 'lost');
  const unknown = [
    ...(access?.needs.unknown ?? []),
    ...standIns.filter(({ draft }) => draft.state === 'unknown').map(({ id }) => id),
  ];
  const name = access?.hostname ?? fallback;
  const named = !lost || sameName(typedName, name);
  return {
    acknowledged: {
      hostname: lost ? typedName.trim().normalize('NFC') : null,
      paths: unknown.filter((id) => ticked.has(id)),
    },
    lost,
    missing:
      (named ? null : t('review.typeName')) ??
      (unknown.every((id) => ticked.has(id)) ? null : t('review.tickUnknown')),
    fields: (
      <>
        {lost && (
          <div className="w-64">
            <TextField
              mono
              label={t('review.typeNameLabel', { name })}
              value={typedName}
              onChange={setTypedName}
              autoComplete="off"
              spellCheck="false"
            />
          </div>
        )}
        {unknown.map((id) => (
          <Checkbox
            key={id}
            isSelected={ticked.has(id)}
            onChange={(on) =>
              setTicked(new Set(on ? [...ticked, id] : [...ticked].filter((other) => other !== id)))
            }
          >
            {t('review.knowUnknown', { way: wayOf(access, id, (path) => t(`access.${path}`)) })}
          </Checkbox>
        ))}
      </>
    ),
  };
}

const sameName = (a: string, b: string): boolean =>
  a.trim().normalize('NFC').toLowerCase() === b.trim().normalize('NFC').toLowerCase();

type Path = AccessReport['paths'][number]['path'];

function wayOf(access: AccessReport | null, id: string, words: (path: Path) => string): string {
  const found = access?.paths.find((path) => path.id === id);
  return found ? `${words(found.path)}${found.peer ? ` (${found.peer})` : ''}` : id;
}
