import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';

type Content = Record<string, { schema?: unknown }>;
type Operation = { summary?: string; requestBody?: { content?: Content }; responses?: Record<string, { description?: string; content?: Content }> };

/** The OpenAPI 3.1 document, made from the schemas that validate requests and answers. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Latchkey')
    .setDescription('Two-factor login: name and password, then a code, then a trusted device.')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addSecurity('app', { type: 'http', scheme: 'bearer', description: 'Session of an app: the `sessionToken` of its login' })
    .addSecurity('web', { type: 'apiKey', in: 'cookie', name: '__Host-session', description: 'Session of a browser' })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => lowerFirst(controller.replace(/Controller$/, '')) + upperFirst(method),
    standardSchemaConverter: (schema, { schemaType }) => {
      if (!(schema instanceof z.ZodType)) return undefined;
      const { $schema: _dialect, $defs = {}, ...root } = z.toJSONSchema(schema, { io: schemaType, unrepresentable: 'any' }) as Record<string, unknown> & { $defs?: Record<string, Record<string, unknown>> };
      // Named schemas become components; zod points to them inside the schema, OpenAPI beside it.
      const relocate = (part: unknown): unknown => JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/'));
      const components = Object.fromEntries(Object.entries($defs).map(([name, { id: _id, ...definition }]) => [name, relocate(definition)]));
      delete root.id;
      return { schema: relocate(root), components };
    },
  });
  // The document knows one media type for all answers of an operation; problems have their own.
  for (const { operation } of operationsOf(document)) {
    const problem = operation.responses?.default;
    if (problem?.content) problem.content = { 'application/problem+json': Object.values(problem.content)[0] ?? {} };
  }
  return document;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const operationsOf = (document: OpenAPIObject) =>
  Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })));

/** A plain page of all operations; no script, so it works under the policy of the website. */
export function renderApiPage(document: OpenAPIObject): string {
  const escape = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  const show = (content: Content = {}) => Object.entries(content).map(([type, { schema }]) => `<p><code>${escape(type)}</code></p><pre>${escape(JSON.stringify(schema, null, 2))}</pre>`).join('');
  const operations = operationsOf(document).map(({ path, method, operation }) => {
    const answers = Object.entries(operation.responses ?? {}).map(([status, { description = '', content }]) => `<li><strong>${escape(status)}</strong> ${escape(description)}${show(content)}</li>`);
    const body = operation.requestBody ? `<h3>Body</h3>${show(operation.requestBody.content)}` : '';
    return `<section><h2><code>${method.toUpperCase()} ${escape(path)}</code></h2><p>${escape(operation.summary ?? '')}</p>${body}<h3>Answers</h3><ul>${answers.join('')}</ul></section>`;
  });
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => `<section><h2>${escape(name)}</h2><pre>${escape(JSON.stringify(schema, null, 2))}</pre></section>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Latchkey API</title></head><body><main><h1>Latchkey API</h1><p>The same as a document for machines: <a href="/openapi.json">/openapi.json</a>.</p>${operations.join('')}<h1>Schemas</h1>${schemas.join('')}</main></body></html>`;
}
