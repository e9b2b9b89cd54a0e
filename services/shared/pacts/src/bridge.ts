import type { DescMethodUnary, DescService } from '@bufbuild/protobuf';
import { ConnectError, createClient, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { createLogger } from '@plataforma/runtime/logger';
import { type AcessoDe, rpcService } from '@plataforma/runtime/rpc';

/**
 * A gRPC server that asks everything on over Connect in JSON. The services call each other by gRPC, and what plays the provider
 * of a pact speaks HTTP: with this in between, the client that calls is the one that is deployed.
 */
export async function startBridge(service: DescService, baseUrl: string) {
  const transport = createConnectTransport({ baseUrl, httpVersion: '1.1', useBinaryFormat: false });
  const client: Readonly<Record<string, unknown>> = createClient(service, transport);
  const unary = service.methods.filter((method): method is DescMethodUnary => method.methodKind === 'unary');
  const passOn = ({ localName }: DescMethodUnary) => {
    const ask = client[localName] as (request: object, options: object) => Promise<object>;
    const handle = (request: object, { requestHeader }: HandlerContext) => {
      const authorization = requestHeader.get('authorization');
      return ask(request, { headers: { ...(authorization !== null && { authorization }) } }).catch(asItsOwn);
    };
    return [localName, handle];
  };
  const served = rpcService(service, {
    acesso: Object.fromEntries(
      service.methods.map(({ localName }) => [localName, 'PUBLICO']),
    ) as AcessoDe<DescService>,
    impl: Object.fromEntries(unary.map(passOn)) as Partial<ServiceImpl<DescService>>,
  });
  const server = await startGrpcServer({
    ...{ host: '127.0.0.1', port: 0, services: [served], interceptors: [] },
    ...{ health: new Health(), reflection: false },
    logger: createLogger({ service: 'bridge', level: 'silent' }),
  });
  return { address: `127.0.0.1:${server.port}`, close: () => server.close() };
}

/** A server tells nobody how it fared with another one, unless it says so itself. */
function asItsOwn(error: unknown): never {
  const { rawMessage, code } = ConnectError.from(error);
  throw new ConnectError(rawMessage, code);
}
