import { Client } from 'pg';

/**
 * Spaces as a platform has them: three kinds, four zones, twenty cleaning fees, weekend prices in every fifth, small and
 * large ones, a third open by day only. So 480 tariffs from the smallest size on.
 */
const ESPACOS = `
  insert into espacos (id, nome, tipo, capacidade, endereco, fuso_horario, moeda, preco_por_hora_centavos,
    taxa_limpeza_centavos, folga_minutos, antecedencia_minima_minutos, antecedencia_maxima_dias, duracao_minima_minutos,
    duracao_maxima_minutos, grade_minutos, pico_centesimos, fim_de_semana_centesimos, antecedencia_centesimos, horarios,
    extras, espera_pagamento_minutos, ativo, versao, criado_em, atualizado_em)
  select 'esp_busca' || n, 'Sala da busca ' || n, (array['SALA_REUNIAO', 'AUDITORIO', 'QUADRA'])[1 + n % 3],
    case when n % 500 = 0 then 1000 else 4 + n % 60 end, '',
    (array['America/Sao_Paulo', 'America/Manaus', 'America/Noronha', 'America/Rio_Branco'])[1 + n / 3 % 4], 'BRL',
    2000 + (n * 7919) % 60000, (n / 12 % 20) * 500, 15, 120, 180, 30, 1440, 15, 150,
    case when n / 240 % 5 = 0 then 100 else 120 end, 80,
    case when n % 3 = 0 then $3::jsonb else '[]' end, '[]', 15, true, 1, now(), now()
  from generate_series($1::int, $2::int) as n`;

/** Every third space is taken for the whole of the first hours that are searched. */
const RESERVAS = `
  insert into reservas (id, versao, status, cliente_id, espaco_id, espaco_nome, espaco_endereco, fuso_horario, data_inicio,
    data_fim, folga_minutos, bloqueio_fim, preco, valor_centavos, moeda, extras, politica, checkout_url, pagamento_id,
    expira_em, criada_em, atualizada_em, confirmada_em)
  select 'res_busca' || n, 3, 'CONFIRMADA', 'cli_busca' || n, 'esp_busca' || n, 'Sala da busca', '', 'America/Sao_Paulo',
    $3::timestamptz, $3::timestamptz + interval '1 day', 15, $3::timestamptz + interval '1455 minutes',
    '[{"tipo": "HORAS", "descricao": "24 h", "centavos": 10000}]', 10000, 'BRL', '[]', '{}',
    'https://checkout.exemplo', 'pag_busca' || n, now(), now(), now(), now()
  from generate_series($1::int, $2::int) as n where n % 3 = 1`;

const BY_DAY = JSON.stringify(
  [1, 2, 3, 4, 5, 6, 7].map((diaSemana) => ({ diaSemana, abre: '06:00', fecha: '23:00' })),
);

const BATCH = 5_000;

/** Fills the tables of reservas with spaces for the search, by SQL. */
export class EspacosEspalhados {
  readonly #client: Client;
  readonly #ocupadosDesde: Date;
  #total = 0;

  private constructor(client: Client, ocupadosDesde: Date) {
    this.#client = client;
    this.#ocupadosDesde = ocupadosDesde;
  }

  static async open(databaseUrl: string, ocupadosDesde: Date): Promise<EspacosEspalhados> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('set synchronous_commit = off');
    return new EspacosEspalhados(client, ocupadosDesde);
  }

  /** Adds spaces until there are so many. */
  async fill(until: number): Promise<void> {
    while (this.#total < until) {
      const batch = [this.#total + 1, Math.min(until, this.#total + BATCH)];
      await this.#client.query(ESPACOS, [...batch, BY_DAY]);
      await this.#client.query(RESERVAS, [...batch, this.#ocupadosDesde]);
      this.#total = batch[1] ?? until;
    }
    // As autovacuum would, a little later.
    await this.#client.query('vacuum analyze espacos');
    await this.#client.query('vacuum analyze reservas');
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
