/** Templates as cards: what each is for, and the sentence that it would be on the tables at hand. */
import { Button, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '../api/types';
import { openedFrom, SentenceText } from './SentenceText';
import classes from './TemplateCards.module.css';
import { CATEGORY_FACES } from './templateFaces';
import { told } from './templateTold';
import { useNamedTables } from './useNamedTables';

interface Props {
  /** All templates of the list, so that their tables are read together; those in `shown` are drawn. */
  templates: readonly Template[];
  shown: ReadonlySet<string>;
  /** Missing where nobody may make rules. */
  onUse?: ((id: string) => void) | undefined;
}

export function TemplateCards({ templates, shown, onUse }: Props) {
  const { t } = useTranslation();
  const openeds = useMemo(() => templates.map(({ document }) => openedFrom(document)), [templates]);
  const tablesOf = useNamedTables(openeds);
  const tables = useMemo(() => openeds.map(tablesOf), [openeds, tablesOf]);
  return (
    <ul className={classes.grid}>
      {templates.map((template, index) => {
        const opened = openeds[index];
        const names = tables[index];
        if (!shown.has(template.id) || !opened || !names) return null;
        const { Icon, tone } = CATEGORY_FACES[template.category];
        return (
          <li key={template.id}>
            <article
              className={classes.card}
              data-template={template.id}
              aria-labelledby={`template-${template.id}`}
            >
              <div className={classes.head}>
                <span className={classes.tile} data-tone={tone} aria-hidden="true">
                  <Icon size={20} stroke={1.75} />
                </span>
                <div>
                  <Title order={2} className={classes.name} id={`template-${template.id}`}>
                    {template.name}
                  </Title>
                  <Text size="xs" c="dimmed">
                    {t(`templates.category.${template.category}`)}
                  </Text>
                </div>
              </div>
              <Text size="sm" c="dimmed">
                {template.description}
              </Text>
              {told(template) && (
                <p className={classes.sentence}>
                  <SentenceText opened={opened} tables={names} />
                </p>
              )}
              {onUse !== undefined && (
                <Button
                  className={classes.use}
                  variant="default"
                  onClick={() => onUse(template.id)}
                  aria-label={t('templates.useNamed', { name: template.name })}
                >
                  {t('templates.use')}
                </Button>
              )}
            </article>
          </li>
        );
      })}
    </ul>
  );
}
