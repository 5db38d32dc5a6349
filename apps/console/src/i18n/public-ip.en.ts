import type { Words } from './messages.ts';
import type { publicIpKo } from './public-ip.ko.ts';

export const publicIpEn: Words<typeof publicIpKo> = {
  publicIp: {
    taken: {
      connect: 'This address is connected already. It can be moved to another instance.',
      delete: 'This address is connected. Disconnect it first.',
    },
    idle: 'This address is not connected to anything.',
    elsewhere: {
      move: 'It is connected to something other than an instance and cannot be moved here.',
      disconnect: 'It is connected to something other than an instance and cannot be disconnected here.',
    },
    move: 'Move Public IP',
    moveTitle: 'Instance to move the Public IP to',
    create: 'Create Public IP',
    createText: 'A short note on what it is for makes it easy to find in the list. Optional.',
    createSubmit: 'Create',
    created: 'Public IP created',
    describe: 'Edit description',
    describeTitle: 'Description of the Public IP',
    described: 'Description changed',
    descriptionRule: 'One line of at most 100 characters.',
    idleOnly: 'Idle addresses only',
    noneIdle: 'No idle address',
    noneIdleText: 'Every address that the project holds is connected.',
    connectTitle: 'Instance to connect the Public IP to',
    chooseInstance: 'Choose the instance to connect it to.',
    findInstance: 'Find an instance by name or address',
    instances: 'Instance to connect to',
    more: '{{total}} more. Find them by name or address.',
    next: 'Next',
    selectAll: 'Select every Public IP on this page',
    chosen: 'With the chosen Public IPs',
    releaseTitle: 'Release the chosen Public IPs',
    moved: 'Its connection has changed in the meantime.',
    deleteTitle: 'Delete Public IP',
    deleted: 'Public IP deleted',
    others: 'DNS records and allow lists that name a deleted address may later point to somebody else’s.',
    billing: 'A deleted address is no longer billed.',
  },
};
