import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type DispositivoSchema,
  TipoDispositivo,
} from '@plataforma/contratos/notificacoes/v1/dispositivo_pb';
import {
  DispositivosService,
  type RegistrarDispositivoRequest,
} from '@plataforma/contratos/notificacoes/v1/dispositivos_service_pb';
import { encurtarTexto } from '@plataforma/domain/texto';
import { type Principal, principalOf } from '@plataforma/runtime/principal';
import { type ChamadaRepetida, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { DISPOSITIVOS } from '../../contrato/presentation/acesso.ts';
import { MOSTRA_DISPOSITIVOS } from '../../contrato/presentation/consultas.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { DispositivosDaPessoa } from '../application/dispositivos-da-pessoa.ts';
import type { InscricaoPedida, Registrante } from '../application/ports.ts';
import type { RegistrarDispositivoHandler } from '../application/registrar-dispositivo.ts';
import type { Dispositivo } from '../domain/dispositivo.ts';

interface Deps {
  readonly registrar: RegistrarDispositivoHandler;
  readonly dispositivos: DispositivosDaPessoa;
  /** Messages may have become due. */
  readonly wake: () => void;
}

/** What is kept of a `User-Agent`. */
const MAX_USER_AGENT = 300;

/** Devices that push messages go to: everybody has their own. */
export function dispositivosService({ registrar, dispositivos, wake }: Deps): RpcService {
  return rpcService(DispositivosService, {
    acesso: DISPOSITIVOS,
    mostra: MOSTRA_DISPOSITIVOS,
    repeats: {
      registrarDispositivo: async (id, _, chamada) => {
        const { id: clienteId } = principalOf(chamada);
        return criado(valueOrThrow(await registrar.repeat(id, clienteId)), chamada);
      },
      removerDispositivo: async () => ({}),
    },
    impl: {
      async obterChavePush() {
        return { chavePublica: valueOrThrow(dispositivos.chavePublica()) };
      },
      async registrarDispositivo(request, context) {
        const command = {
          ...{ quem: quemDe(principalOf(context)), nome: request.nome, inscricao: inscricaoFrom(request) },
          userAgent: encurtarTexto(context.requestHeader.get('user-agent') ?? '', MAX_USER_AGENT),
        };
        const registrado = valueOrThrow(await registrar.execute(command));
        wake();
        return criado(registrado, context);
      },
      async listarDispositivos(_, context) {
        const meus = await dispositivos.listar(principalOf(context).id);
        return { dispositivos: meus.map(toDispositivoProto) };
      },
      async removerDispositivo({ dispositivoId }, context) {
        valueOrThrow(await dispositivos.remover(dispositivoId, principalOf(context).id));
        return {};
      },
    },
  });
}

const quemDe = ({ id: clienteId, sessaoId = '', geracao, autenticadoEm }: Principal): Registrante => ({
  ...{ clienteId, sessaoId, geracao, autenticadoEm },
});

function inscricaoFrom({ tokenFcm, inscricao }: RegistrarDispositivoRequest): InscricaoPedida {
  if (inscricao === undefined) return { tokenFcm, webPush: undefined };
  const { endpoint, keys, chavePublica } = inscricao;
  const { p256dh = '', auth = '' } = keys ?? {};
  return { tokenFcm, webPush: { endpoint, p256dh, auth, chavePublica } };
}

function toDispositivoProto({
  tipo,
  criadoEm,
  ultimoEnvioEm,
  ...dispositivo
}: Dispositivo): MessageInitShape<typeof DispositivoSchema> {
  return {
    ...dispositivo,
    tipo: TipoDispositivo[tipo],
    criadoEm: timestampFromDate(criadoEm),
    ...(ultimoEnvioEm && { ultimoEnvioEm: timestampFromDate(ultimoEnvioEm) }),
  };
}

function criado(dispositivo: Dispositivo, { responseHeader }: Pick<ChamadaRepetida, 'responseHeader'>) {
  responseHeader.set('x-http-code', '201');
  return toDispositivoProto(dispositivo);
}
