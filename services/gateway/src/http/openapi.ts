import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';

/** The OpenAPI 3.1 document, made from the schemas that validate requests and answers. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Latchkey')
    .setDescription('Two-factor login: name and password, then a code, then a trusted device.')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .build();
  return SwaggerModule.createDocument(app, config, {
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
}

/** A plain page of all operations; no script, so it works under the policy of the website. */
export function renderApiPage(document: OpenAPIObject): string {
  const escape = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { summary?: string; requestBody?: { content?: Record<string, { schema?: unknown }> }; responses?: Record<string, { description?: string; content?: Record<string, { schema?: unknown }> }> }>).map(([method, operation]) => {
      const body = operation.requestBody?.content?.['application/json']?.schema;
      const answers = Object.entries(operation.responses ?? {}).map(([status, answer]) => {
        const schema = answer.content?.['application/json']?.schema;
        return `<li><strong>${escape(status)}</strong> ${escape(answer.description ?? '')}${schema ? `<pre>${escape(JSON.stringify(schema, null, 2))}</pre>` : ''}</li>`;
      });
      return `<section><h2><code>${method.toUpperCase()} ${escape(path)}</code></h2><p>${escape(operation.summary ?? '')}</p>${body ? `<h3>Body</h3><pre>${escape(JSON.stringify(body, null, 2))}</pre>` : ''}<h3>Answers</h3><ul>${answers.join('')}</ul></section>`;
    }),
  );
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => `<section><h2>${escape(name)}</h2><pre>${escape(JSON.stringify(schema, null, 2))}</pre></section>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Latchkey API</title></head><body><main><h1>Latchkey API</h1><p>The same as a document for machines: <a href="/openapi.json">/openapi.json</a>.</p>${operations.join('')}<h1>Schemas</h1>${schemas.join('')}</main></body></html>`;
}
