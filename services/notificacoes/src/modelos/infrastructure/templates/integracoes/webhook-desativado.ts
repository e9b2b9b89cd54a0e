import type { DadosWebhookDesativado } from '../../../domain/desativacao.ts';
import { curtaSoPorEmail } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import type { Template } from '../../leiaute/template.ts';
import { umaLinha } from '../../leiaute/uma-linha.ts';

/** It happened nowhere: its instants are told in the time of most readers. */
const FUSO = 'America/Sao_Paulo';

/** Tells who made a webhook that its receiver is sent nothing any more, why, and what to do. */
export const webhookDesativado: Template<DadosWebhookDesativado> = {
  // Subjects are kept: what people call it is not in them.
  assunto: ({ webhookId }, idioma) => idioma.t('webhookDesativado.assunto', { webhook: webhookId }),
  curta: (_, idioma) => curtaSoPorEmail(idioma.t('webhookDesativado.cabecalho'), idioma),
  visao(dados, idioma) {
    const frase = idioma.t(`webhookDesativado.${dados.causa}`);
    const quando = (instante: string) => idioma.instante(new Date(instante), FUSO);
    const resposta =
      dados.ultimoStatus === 0 ? idioma.t('webhookDesativado.nenhuma') : `HTTP ${dados.ultimoStatus}`;
    return {
      previa: frase,
      selo: { texto: idioma.t('webhookDesativado.selo'), cor: COR.alerta },
      cabecalho: idioma.t('webhookDesativado.cabecalho'),
      introducao: frase,
      abertura: frase,
      linhas: [
        { rotulo: idioma.t('rotulos.webhook'), valor: umaLinha(dados.nomeDoWebhook) },
        { rotulo: idioma.t('rotulos.codigo'), valor: dados.webhookId },
        { rotulo: idioma.t('rotulos.servidor'), valor: umaLinha(dados.receptor) },
        { rotulo: idioma.t('rotulos.falhaDesde'), valor: quando(dados.falhandoDesde) },
        { rotulo: idioma.t('rotulos.desativadoEm'), valor: quando(dados.em) },
        { rotulo: idioma.t('rotulos.ultimaResposta'), valor: resposta },
      ],
      porque: idioma.t('webhookDesativado.porque'),
      fecho: idioma.t('webhookDesativado.fecho'),
    };
  },
};
