import { ExportService } from '@plataforma/contratos/auth/v1/export_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import { type ChamadaRepetida, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import { EXPORT } from '../../contrato/presentation/acesso.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import type { ExportsQueries } from '../application/exports-queries.ts';
import type { RequestExportHandler } from '../application/request-export.ts';
import { toExportacaoProto } from './exportacoes-mappers.ts';

interface Deps {
  readonly request: RequestExportHandler;
  readonly exports: ExportsQueries;
  readonly origemDe: OrigemDe;
  /** The REST API as clients see it. */
  readonly publicUrl: string;
}

/** People ask for what is known about them, and get the address of the archive. */
export function exportService({ request, exports, origemDe, publicUrl }: Deps): RpcService {
  async function uma(id: string, chamada: Pick<ChamadaRepetida, 'values' | 'responseHeader'>) {
    const { id: usuarioId, geracao, sessaoId, autenticadoEm } = principalOf(chamada);
    const titular = { usuarioId, geracao, sessaoId, autenticadoEm };
    const vista = valueOrThrow(await exports.daPessoa(id, titular));
    neverStored(chamada);
    return toExportacaoProto(vista, publicUrl);
  }

  async function pedida(id: string, chamada: Pick<ChamadaRepetida, 'values' | 'responseHeader'>) {
    chamada.responseHeader.set('x-http-code', '201');
    return uma(id, chamada);
  }

  return rpcService(ExportService, {
    acesso: EXPORT,
    repeats: { requestExport: (id, _, chamada) => pedida(id, chamada) },
    impl: {
      async requestExport({ password, codigo }, context) {
        const { id: usuarioId, geracao, sessaoId, autenticadoEm } = principalOf(context);
        const quem = { usuarioId, geracao, sessaoId, autenticadoEm };
        const command = { ...quem, senha: password, codigo, origem: origemDe(context) };
        return pedida(valueOrThrow(await request.execute(command)), context);
      },
      getExport: ({ exportacaoId }, context) => uma(exportacaoId, context),
      async listExports(_, context) {
        const todas = await exports.todas(principalOf(context).id);
        return { exportacoes: todas.map((vista) => toExportacaoProto(vista, publicUrl)) };
      },
    },
  });
}
