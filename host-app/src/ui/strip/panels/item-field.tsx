import { Input } from "antd";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { StripModel } from "../strip-model.ts";
import { Field } from "./form.tsx";

export interface ItemChoice {
  readonly itemCode: string;
  readonly itemName: string;
}

interface ItemFieldProps {
  readonly model: StripModel;
  readonly value: ItemChoice;
  readonly onChange: (item: ItemChoice) => void;
}

/** Code and name of an item; what central has told of is found by either, and anything else may be typed. */
export const ItemField = ({ model, value, onChange }: ItemFieldProps) => {
  const { t } = useTranslation();
  const list = useId();
  const [found, setFound] = useState<readonly ItemChoice[]>([]);
  const { itemCode } = value;

  useEffect(() => {
    let isOld = false;
    void model.ask("items.find", { text: itemCode.trim().slice(0, 64) }).then((reply) => {
      if (!isOld && reply.is === "answer") setFound(reply.body.items);
    });
    return () => {
      isOld = true;
    };
  }, [model, itemCode]);

  const typed = (text: string): void => {
    const known = found.find((item) => item.itemCode === text);
    onChange(known ?? { itemCode: text, itemName: value.itemName });
  };

  return (
    <>
      <Field label={t("startCase.itemCode")}>
        {(id) => (
          <Input
            id={id}
            required
            value={itemCode}
            maxLength={64}
            list={list}
            placeholder={t("startCase.find")}
            onChange={(event) => typed(event.target.value)}
          />
        )}
      </Field>
      <datalist id={list}>
        {found.map((item) => (
          <option key={item.itemCode} value={item.itemCode}>
            {item.itemName}
          </option>
        ))}
      </datalist>
      <Field label={t("startCase.itemName")}>
        {(id) => (
          <Input
            id={id}
            required
            value={value.itemName}
            maxLength={128}
            onChange={(event) => onChange({ itemCode, itemName: event.target.value })}
          />
        )}
      </Field>
    </>
  );
};
