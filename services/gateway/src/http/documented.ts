import { http } from '@latchkey/contracts';
import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiDefaultResponse, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/** Status, body and purpose of an operation, for the document and for the answer itself. */
export function Answers(status: number, summary: string, schema?: z.ZodType): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary }),
    ApiResponse({ status, description: summary, ...(schema ? { standardSchema: schema } : {}) } as Parameters<typeof ApiResponse>[0]),
    ApiDefaultResponse({ description: 'Problem details (RFC 9457)', standardSchema: http.problem } as Parameters<typeof ApiDefaultResponse>[0]),
  );
}

/** Operations of a session: a browser's cookie or an app's token. */
export const NeedsSession = (): ClassDecorator & MethodDecorator => applyDecorators(ApiCookieAuth('web'), ApiBearerAuth('app'));

/** Where an app shows the secret of its device; a browser has it in a cookie. */
export const TakesDeviceToken = (): MethodDecorator => ApiHeader({ name: 'Device-Token', required: false, description: 'The `deviceToken` of the last login, for client `app`' });
