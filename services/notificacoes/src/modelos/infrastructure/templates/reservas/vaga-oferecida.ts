import type { DadosVagaOferecida } from '../../../domain/modelo.ts';
import type { Idioma } from '../../idiomas/idioma.ts';
import { curtaDeReserva } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import { acaoNaWeb, aPagar, assuntoDe, ondeEQuando, previaDe } from '../../leiaute/reserva.ts';
import type { Template } from '../../leiaute/template.ts';

/** Says that a slot is held for the reader, until when, and how they take it: by accepting it or by paying. */
export const vagaOferecida: Template<DadosVagaOferecida> = {
  assunto: (dados, idioma) =>
    assuntoDe(dados.porPessoa ? 'vagaOferecida.assuntoPorPessoa' : 'vagaOferecida.assunto', dados, idioma),
  curta: (dados, idioma) => ({
    ...curtaDeReserva('vagaOferecida', dados, idioma, {
      de: dados.porPessoa ? 'pessoa' : 'fila',
      ate: idioma.hora(new Date(dados.expiraEm), dados.fusoHorario),
    }),
    titulo: idioma.t(dados.porPessoa ? 'vagaOferecida.cabecalhoPorPessoa' : 'vagaOferecida.cabecalho'),
  }),
  visao(dados, idioma) {
    const frase = fraseDe(dados, idioma);
    const { t } = idioma;
    const acao = t(dados.creditosCentavos ? 'vagaOferecida.acaoDoResto' : 'vagaOferecida.acao');
    return {
      previa: previaDe(dados, idioma),
      selo: {
        texto: t(dados.porPessoa ? 'vagaOferecida.seloPorPessoa' : 'vagaOferecida.selo'),
        cor: COR.boa,
      },
      cabecalho: t(dados.porPessoa ? 'vagaOferecida.cabecalhoPorPessoa' : 'vagaOferecida.cabecalho'),
      introducao: frase,
      abertura: frase,
      linhas: [
        ...ondeEQuando(dados, idioma),
        ...aPagar(dados, idioma),
        { rotulo: t('rotulos.reserva'), valor: dados.reservaId },
      ],
      acao: acaoNaWeb(acao, dados.checkoutUrl),
      fecho: t(dados.porPessoa ? 'vagaOferecida.fechoPorPessoa' : 'vagaOferecida.fecho'),
    };
  },
};

function fraseDe(dados: DadosVagaOferecida, idioma: Idioma): string {
  return idioma.t(`vagaOferecida.${como(dados)}`, {
    de: dados.porPessoa ? 'pessoa' : 'fila',
    ate: idioma.horaComFuso(new Date(dados.expiraEm), dados.fusoHorario),
  });
}

function como({ valorCentavos, creditosCentavos }: DadosVagaOferecida) {
  if (valorCentavos === '0') return 'gratuita';
  return creditosCentavos ? 'resto' : 'aPagar';
}
