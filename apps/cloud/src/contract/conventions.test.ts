import { type Fact, hold, nowhere } from '../testing/facts.ts';
import { exactly, type Fields, text } from '../testing/shapes.ts';

const lists: [path: string, key: string][] = [
  ['/api/v1/instances', 'instances'],
  ['/api/v1/flavors', 'flavors'],
  ['/api/v1/images', 'images'],
  ['/api/v1/keypairs', 'keypairs'],
  ['/api/v1/network-interfaces', 'network_interfaces'],
  ['/api/v1/public-ips', 'public_ips'],
  ['/api/v1/security-groups', 'security_groups'],
  ['/api/v1/vpcs', 'vpcs'],
  ['/api/v1/subnets', 'subnets'],
  ['/api/v1/route-tables', 'vpc_route_tables'],
];

const anything = () => null;
const page = (key: string, offset: number, limit: number): Fields => ({
  [key]: anything,
  pagination: { total: anything, offset: exactly(offset), limit: exactly(limit) },
});
const error = (code: string): Fields => ({ error: { code: exactly(code), message: text } });

const paging = lists.flatMap(([path, key]): Fact[] => [
  { says: `C.3 ${path}: 20 rows from the first`, path, status: 200, answer: page(key, 0, 20) },
  {
    says: `C.3 ${path}: takes the provider’s 1000, and gives no more at once`,
    path: `${path}?limit=5000&offset=1`,
    status: 200,
    answer: page(key, 1, 1000),
  },
  {
    says: `C.3 ${path}: takes keys and directions of the order`,
    path: `${path}?sort_keys=created_at,id&sort_dirs=asc,desc`,
    status: 200,
    answer: page(key, 0, 20),
  },
  {
    says: `C.3 ${path}: a name that it does not know is let pass`,
    path: `${path}?made_up=1`,
    status: 200,
    answer: page(key, 0, 20),
  },
  ...['limit=0', 'limit=-1', 'limit=x', 'offset=1.5', 'sort_keys=secret', 'sort_dirs=up', 'id=a&id=b'].map(
    (query): Fact => ({
      says: `C.3 ${path}?${query} is a 400`,
      path: `${path}?${query}`,
      status: 400,
      answer: error('BadRequest'),
    }),
  ),
  { says: `C.1 ${path}: 401 without a token`, path, as: null, status: 401, answer: error('Unauthorized') },
  { says: `A.9 ${path}: a reader reads`, path, as: 'reader', status: 200, answer: page(key, 0, 20) },
]);

const single = ['instances', 'flavors', 'images', 'keypairs', 'network-interfaces', 'public-ips']
  .concat(['security-groups', 'vpcs', 'subnets', 'route-tables'])
  .map(
    (name): Fact => ({
      says: `C.3 what is not among the ${name} is a 404 with code and message`,
      path: `/api/v1/${name}/${nowhere}`,
      status: 404,
      answer: error('NotFound'),
    }),
  );

hold([
  ...paging,
  ...single,
  {
    says: 'C.3 an address that leads nowhere is a 404 too',
    path: '/api/v1/volumes',
    status: 404,
    answer: error('NotFound'),
  },
  {
    says: 'C.3 a body that is no JSON is a 400',
    method: 'POST',
    path: '/api/v1/instances',
    body: '{"instance":',
    status: 400,
    answer: error('BadRequest'),
  },
  {
    says: 'C.3 a body of another form is a 400',
    method: 'POST',
    path: '/api/v1/instances',
    body: { name: 'web' },
    status: 400,
    answer: error('BadRequest'),
  },
  {
    says: 'A.9 a reader writes nothing',
    method: 'POST',
    path: '/api/v1/instances',
    body: {},
    as: 'reader',
    status: 403,
    answer: error('Forbidden'),
  },
  {
    says: 'C.1 the content type of a call without a body is nobody’s concern',
    method: 'POST',
    path: (at) => `/api/v1/instances/${at.batch01.id}/stop`,
    headers: { 'content-type': 'text/plain' },
    status: 409,
    answer: error('Conflict'),
  },
]);
