import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { ServerReflectionRequestSchema } from '@plataforma/contratos/grpc/reflection/v1/reflection_pb';
import { messagesIn } from './message-walk.ts';
import { type FieldShape, RequestShape } from './request-shape.ts';

describe('the messages that are alternatives of each other', () => {
  const field = RequestShape.of(ServerReflectionRequestSchema).byJsonName.get(
    'fileContainingExtension',
  ) as FieldShape;

  it('are found under the name that they share', () => {
    const value = { containingType: 'a', extensionNumber: 1 };
    const request = create(ServerReflectionRequestSchema, {
      messageRequest: { case: 'fileContainingExtension', value },
    });
    expect(messagesIn(field, request)).toEqual([expect.objectContaining(value)]);
  });

  it('are not taken for each other', () => {
    const request = create(ServerReflectionRequestSchema, {
      messageRequest: { case: 'fileByFilename', value: 'a.proto' },
    });
    expect(messagesIn(field, request)).toEqual([]);
    expect(messagesIn(field, create(ServerReflectionRequestSchema))).toEqual([]);
  });
});
