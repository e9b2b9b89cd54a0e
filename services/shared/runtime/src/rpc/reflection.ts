import type { DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import {
  ServerReflection,
  type ServerReflectionRequestSchema,
  type ServerReflectionResponseSchema,
} from '@plataforma/contratos/grpc/reflection/v1/reflection_pb';
import { ServerReflection as ServerReflectionV1Alpha } from '@plataforma/contratos/grpc/reflection/v1alpha/reflection_pb';
import { ReflectionIndex } from './reflection-index.ts';
import { type RpcService, rpcService } from './rpc.ts';

type Question = MessageShape<typeof ServerReflectionRequestSchema>['messageRequest'];
type Answer = NonNullable<MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse']>;

/**
 * Server reflection for the given services and itself, so that grpcurl and `buf curl` need no schema: v1, and
 * v1alpha for older clients.
 * https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
 */
export function reflectionServices(services: readonly DescService[]): RpcService[] {
  const index = new ReflectionIndex([...services, ServerReflection, ServerReflectionV1Alpha]);
  const v1 = rpcService(ServerReflection, {
    acesso: { serverReflectionInfo: 'PUBLICO' },
    impl: {
      async *serverReflectionInfo(requests) {
        for await (const request of requests) {
          const messageResponse = answer(index, request.messageRequest);
          yield { validHost: request.host, originalRequest: request, messageResponse };
        }
      },
    },
  });
  // v1 took the messages of v1alpha over unchanged: only the path differs.
  return [v1, { service: ServerReflectionV1Alpha, methods: v1.methods }];
}

function answer(index: ReflectionIndex, question: Question): Answer {
  switch (question.case) {
    case 'listServices':
      return { case: 'listServicesResponse', value: { service: index.services.map((name) => ({ name })) } };
    case 'fileByFilename':
      return files(index.file(question.value), question.value);
    case 'fileContainingSymbol':
      return files(index.symbol(question.value), question.value);
    case 'fileContainingExtension': {
      const { containingType, extensionNumber } = question.value;
      return files(index.extension(containingType, extensionNumber), `${containingType}[${extensionNumber}]`);
    }
    case 'allExtensionNumbersOfType': {
      const numbers = index.extensionNumbers(question.value);
      if (numbers === undefined) return notFound(question.value);
      const value = { baseTypeName: question.value, extensionNumber: numbers };
      return { case: 'allExtensionNumbersResponse', value };
    }
    default:
      return {
        case: 'errorResponse',
        value: { errorCode: Code.InvalidArgument, errorMessage: 'empty request' },
      };
  }
}

function files(found: Uint8Array[] | undefined, name: string): Answer {
  if (found === undefined) return notFound(name);
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto: found } };
}

function notFound(name: string): Answer {
  return { case: 'errorResponse', value: { errorCode: Code.NotFound, errorMessage: `not found: ${name}` } };
}
