import { hold } from '../testing/facts.ts';
import { count, exactly, text, time, url } from '../testing/shapes.ts';

const zones = exactly(['kr-central-2-a', 'kr-central-2-b', 'kr-central-2-c']);
const common = { priority: count, created_by: text, updated_by: text, created_at: time, updated_at: time };

hold([
  {
    says: 'C.8 where the services are; those that this cloud does not have are not named',
    path: '/api/v1/client-endpoints/resolve',
    as: 'reader',
    status: 200,
    answer: {
      success: exactly(true),
      data: {
        id: text,
        service_endpoints: { iam: url, bcs: url, vpc: url, network: url, image: url },
        ...common,
      },
    },
  },
  {
    says: 'C.8 in which zones they may be used',
    path: '/api/v1/az-policies/resolve',
    as: 'reader',
    status: 200,
    answer: { success: exactly(true), data: { id: text, services: { bcs: zones, vpc: zones }, ...common } },
  },
  {
    says: 'C.8 nothing is told without a token',
    path: '/api/v1/client-endpoints/resolve',
    as: null,
    status: 401,
  },
  {
    says: 'C.8 client-metadata exists upstream and is called by nobody: strictly, it is not here',
    path: '/api/v1/client-metadata/resolve',
    status: 404,
  },
]);
