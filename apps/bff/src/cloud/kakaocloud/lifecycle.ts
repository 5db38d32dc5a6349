import {
  actionLogsAnswerSchema,
  bcsPaths,
  consoleLogsAnswerSchema,
  createdInstanceAnswerSchema,
  type InstanceAction,
} from '@moru/kakaocloud';
import type { CreateInstance } from '@moru/types';
import type { CloudAddresses } from '../../config.ts';
import type { InstanceLifecycle } from '../lifecycle.ts';
import type { Caller } from '../provider.ts';
import type { SendUpstream } from '../upstream.ts';
import { ask, tell } from './client.ts';

const ofInstance = { 400: 'input.invalid', 404: 'instance.notFound', 409: 'instance.state' } as const;

/** BCS: what is done to instances (reference/kakaocloud.md C.4). */
export function createLifecycle({ bcs }: CloudAddresses, send: SendUpstream): InstanceLifecycle {
  const act = (action: InstanceAction) => (caller: Caller, instanceId: string) =>
    tell(send, {
      method: 'POST',
      url: bcs + bcsPaths.action(instanceId, action),
      caller,
      meanings: ofInstance,
    });

  return {
    startInstance: act('start'),
    stopInstance: act('stop'),
    hardRebootInstance: act('hard-reboot'),

    async rebuildInstance(caller, instanceId, { imageId, keyName }) {
      await tell(send, {
        method: 'POST',
        url: bcs + bcsPaths.rebuild(instanceId),
        body: { rebuild: { image_id: imageId, ...(keyName !== undefined && { key_name: keyName }) } },
        caller,
        meanings: ofInstance,
      });
    },

    async deleteInstance(caller, instanceId) {
      const url = bcs + bcsPaths.instance(instanceId);
      await tell(send, { method: 'DELETE', url, caller, meanings: ofInstance });
    },

    async updateInstance(caller, instanceId, change) {
      const url = bcs + bcsPaths.instance(instanceId);
      await tell(send, { method: 'PUT', url, body: { instance: change }, caller, meanings: ofInstance });
    },

    async createInstance(caller, wanted) {
      const request = {
        method: 'POST',
        url: bcs + bcsPaths.instances,
        body: { instance: wireOf(wanted) },
        caller,
        meanings: { 400: 'input.invalid', 404: 'input.invalid', 409: 'instance.refused' },
      } as const;
      return (await ask(send, request, createdInstanceAnswerSchema)).instance.id;
    },

    async actionLog(caller, instanceId) {
      const request = {
        method: 'GET',
        url: bcs + bcsPaths.actionLogs(instanceId),
        caller,
        meanings: { 404: 'instance.notFound' },
      } as const;
      const { actions } = await ask(send, request, actionLogsAnswerSchema);
      return actions
        .map((entry) => ({
          action: entry.action ?? '',
          requestId: entry.request_id,
          userId: entry.user_id,
          startedAt: entry.start_time,
          message: entry.message,
          updatedAt: entry.updated_at,
        }))
        .sort((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''));
    },

    async consoleLog(caller, instanceId, lines) {
      const request = {
        method: 'GET',
        url: bcs + bcsPaths.consoleLogs(instanceId),
        query: { lines },
        caller,
        meanings: { 404: 'instance.notFound' },
      } as const;
      const text = (await ask(send, request, consoleLogsAnswerSchema))['console-logs'] ?? '';
      return text === '' ? [] : text.split('\n').slice(0, lines);
    },
  };
}

function wireOf({ userData, ...wanted }: CreateInstance): Record<string, unknown> {
  return {
    name: wanted.name,
    description: wanted.description ?? null,
    count: wanted.count ?? 1,
    image_id: wanted.imageId,
    flavor_id: wanted.flavorId,
    availability_zone: wanted.availabilityZone ?? null,
    subnets: wanted.subnets.map(({ subnetId, networkInterfaceId, privateIp }) => ({
      id: subnetId,
      network_interface_id: networkInterfaceId ?? null,
      private_ip: privateIp ?? null,
    })),
    volumes: [],
    key_name: wanted.keyName ?? null,
    security_groups: (wanted.securityGroups ?? []).map((name) => ({ name })),
    user_data: userData === undefined ? null : Buffer.from(userData).toString('base64'),
    is_disable_hyper_threading: wanted.hyperThreading === false,
    is_bonding: wanted.bonding ?? false,
  };
}
