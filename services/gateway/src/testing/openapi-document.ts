import { z } from 'zod';

/**
 * What OpenAPI 3.1 allows (section 4.8), as far as we write it: objects are strict, so that a field in the wrong place is
 * an error and not something that readers skip.
 */
const componentName = z.string().regex(/^[\w.-]+$/);
const schemaObject = z.record(z.string(), z.unknown());
const content = z.record(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/), z.strictObject({ schema: schemaObject })).refine((types) => Object.keys(types).length > 0, 'has no media type');

const parameter = z
  .strictObject({ name: z.string().min(1), in: z.enum(['path', 'query', 'header', 'cookie']), required: z.boolean().optional(), description: z.string().optional(), schema: schemaObject })
  .refine(({ in: place, required }) => place !== 'path' || required, 'a path parameter is required');

const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z]\w+$/),
  summary: z.string().min(1),
  tags: z.array(z.string()).optional(),
  parameters: z.array(parameter),
  requestBody: z.strictObject({ required: z.literal(true), content }).optional(),
  responses: z.record(z.string().regex(/^(default|[1-5]\d\d|[1-5]XX)$/), z.strictObject({ description: z.string().min(1), content: content.optional() })),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
});
export type Operation = z.infer<typeof operation>;

const securityScheme = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('http'), scheme: z.string(), description: z.string().optional() }),
  z.strictObject({ type: z.literal('apiKey'), in: z.enum(['query', 'header', 'cookie']), name: z.string(), description: z.string().optional() }),
]);

export const openApiDocument = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string(), description: z.string(), version: z.string(), contact: z.strictObject({}) }),
  servers: z.array(z.strictObject({ url: z.string() })),
  tags: z.array(z.strictObject({ name: z.string() })),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']), operation)),
  components: z.strictObject({ schemas: z.record(componentName, schemaObject), securitySchemes: z.record(componentName, securityScheme) }),
});
export type OpenApiDocument = z.infer<typeof openApiDocument>;
