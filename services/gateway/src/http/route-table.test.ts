import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { RouteTable } from './route-table.ts';

function tableOf(...routes: [method: string | string[], url: string][]): RouteTable {
  const server = Fastify({ exposeHeadRoutes: false });
  const table = new RouteTable(server);
  for (const [method, url] of routes) server.route({ method: method as 'GET', url, handler: () => '' });
  return table;
}

it('knows the methods of a path, whichever route they come from', () => {
  const table = tableOf(['GET', '/v1/things'], ['POST', '/v1/things'], [['PUT', 'PATCH'], '/v1/things'], ['DELETE', '/v1/others']);
  expect(table.methodsOf('/v1/things')).toEqual(['GET', 'POST', 'PUT', 'PATCH']);
  expect(table.methodsOf('/v1/nothing')).toEqual([]);
});

it('a parameter is one part of the path, and never empty', () => {
  const table = tableOf(['DELETE', '/v1/things/:id'], ['POST', '/v1/things/:id/confirm']);
  expect(table.methodsOf('/v1/things/7')).toEqual(['DELETE']);
  expect(table.methodsOf('/v1/things/7/confirm')).toEqual(['POST']);
  for (const path of ['/v1/things/', '/v1/things', '/v1/things/7/8', '/v1/things/7/confirm/']) expect(table.methodsOf(path), path).toEqual([]);
});

it('characters that mean something to patterns are themselves', () => {
  const table = tableOf(['GET', '/openapi.json'], ['GET', '/a+b(c)']);
  expect(table.methodsOf('/openapi.json')).toEqual(['GET']);
  expect(table.methodsOf('/openapi-json')).toEqual([]);
  expect(table.methodsOf('/aab(c)')).toEqual([]);
});

it('what catches everything is no route of its own', () => {
  const table = tableOf(['GET', '*'], ['GET', '/files/*']);
  expect(table.routes).toEqual([]);
  expect(table.methodsOf('/files/x')).toEqual([]);
});
