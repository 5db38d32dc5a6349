import {
  createRouteTableSchema,
  routeBodySchema,
  strictAssociationAnswerSchema,
  strictAssociationListAnswerSchema,
  strictRouteAnswerSchema,
  strictRouteTableAnswerSchema,
  strictRouteTableListAnswerSchema,
  updateAssociationSchema,
  vpcPaths,
} from '@moru/kakaocloud';
import { type Request, Router } from 'express';
import { answer, parameter, readBody } from '../http/answer.ts';
import { allow, callerOf } from '../iam/guard.ts';
import type { RouteTableOperations } from './operations.ts';
import type { RouteTables } from './route-tables.ts';

/** VPC: route tables, their routes, and the subnets that follow them (reference/kakaocloud.md C.7). */
export function routeTableRoutes(tables: RouteTables, operations: RouteTableOperations): Router {
  const router = Router({ caseSensitive: true });
  const admin = allow('admin');
  const tableId = (request: Request) => parameter(request, 'tableId');
  const routeId = (request: Request) => parameter(request, 'routeId');

  router.get(vpcPaths.routeTables, (request, response) => {
    answer(response, 200, strictRouteTableListAnswerSchema, tables.list(callerOf(request), request.query));
  });

  router.post(vpcPaths.routeTables, admin, (request, response) => {
    const id = operations.create(
      callerOf(request),
      readBody(createRouteTableSchema, request).vpc_route_table,
    );
    answer(response, 201, strictRouteTableAnswerSchema, {
      vpc_route_table: tables.get(callerOf(request), id),
    });
  });

  router.get(vpcPaths.routeTable(':tableId'), (request, response) => {
    const table = tables.get(callerOf(request), tableId(request));
    answer(response, 200, strictRouteTableAnswerSchema, { vpc_route_table: table });
  });

  router.delete(vpcPaths.routeTable(':tableId'), admin, (request, response) => {
    operations.remove(callerOf(request), tableId(request));
    response.status(204).end();
  });

  router.put(vpcPaths.mainRouteTable(':tableId'), admin, (request, response) => {
    operations.makeMain(callerOf(request), tableId(request));
    const table = tables.get(callerOf(request), tableId(request));
    answer(response, 200, strictRouteTableAnswerSchema, { vpc_route_table: table });
  });

  router.post(vpcPaths.routes(':tableId'), admin, (request, response) => {
    const { vpc_route: wanted } = readBody(routeBodySchema, request);
    const id = operations.addRoute(callerOf(request), tableId(request), wanted);
    const route = tables.route(callerOf(request), tableId(request), id);
    answer(response, 201, strictRouteAnswerSchema, { vpc_route: route });
  });

  router.put(vpcPaths.route(':tableId', ':routeId'), admin, (request, response) => {
    const { vpc_route: wanted } = readBody(routeBodySchema, request);
    operations.changeRoute(callerOf(request), tableId(request), routeId(request), wanted);
    const route = tables.route(callerOf(request), tableId(request), routeId(request));
    answer(response, 200, strictRouteAnswerSchema, { vpc_route: route });
  });

  router.delete(vpcPaths.route(':tableId', ':routeId'), admin, (request, response) => {
    operations.removeRoute(callerOf(request), tableId(request), routeId(request));
    response.status(204).end();
  });

  router.get(vpcPaths.associations(':tableId'), (request, response) => {
    const { associations } = tables.get(callerOf(request), tableId(request));
    answer(response, 200, strictAssociationListAnswerSchema, {
      associations,
      pagination: { total: associations.length, offset: 0, limit: associations.length },
    });
  });

  router.put(vpcPaths.association(':tableId', ':associationId'), admin, (request, response) => {
    const { association: wanted } = readBody(updateAssociationSchema, request);
    const id = parameter(request, 'associationId');
    operations.moveAssociation(callerOf(request), tableId(request), id, wanted.target_route_table_id);
    const association = tables.association(callerOf(request), wanted.target_route_table_id, id);
    answer(response, 200, strictAssociationAnswerSchema, { association });
  });

  return router;
}
