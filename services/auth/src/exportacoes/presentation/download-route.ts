import type { HttpRoute } from '@plataforma/runtime/http-routes';
import { DOWNLOAD } from '../../contrato/presentation/acesso.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import { type OrigemDe, origemDaRota } from '../../contrato/presentation/origem.ts';
import type { DownloadExportHandler } from '../application/download-export.ts';
import { enderecoFrom } from './exportacoes-mappers.ts';

/** The archive itself, for browsers: they follow an address and send no token. */
export function downloadRoute(download: DownloadExportHandler, origemDe: OrigemDe): HttpRoute {
  return {
    ...DOWNLOAD,
    async handle(request) {
      const origem = origemDaRota(origemDe, request);
      const aberto = valueOrThrow(await download.execute({ endereco: enderecoFrom(request.rest), origem }));
      const dia = aberto.pedidoEm.toISOString().slice(0, 10);
      return {
        status: 200,
        headers: {
          'content-type': 'application/gzip',
          'content-disposition': `attachment; filename="dados-pessoais-${dia}.tar.gz"`,
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
        },
        body: aberto.conteudo,
      };
    },
  };
}
