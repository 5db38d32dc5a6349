import type { Instance } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { installationQuery } from '../session/session-queries.ts';
import { sshCommand } from './ssh-command.ts';

export interface Ssh {
  command: string;
  /** what has to be known to use it, in sentences, the weightiest first; none where it works as it is */
  notes: string[];
}

/** How to open a session on an instance of this installation; null without any address. */
export function useSsh(): (instance: Instance) => Ssh | null {
  const { t } = useTranslation();
  const { data: installation } = useQuery(installationQuery);
  return useCallback(
    (instance) => {
      const ssh = sshCommand(instance, installation ?? { embedded: false, hosts: 'real' });
      return ssh && { command: ssh.command, notes: ssh.notes.map((each) => t(`ssh.${each}`)) };
    },
    [t, installation],
  );
}
