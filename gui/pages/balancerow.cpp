// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/balancerow.h"

#include "core/base/text.h"
#include "gui/widgets/labels.h"

#include <QCoreApplication>
#include <QPushButton>
#include <QVBoxLayout>

namespace torchdesk {

namespace {

/// The context of this file's strings, for translators.
struct BalanceText
{
    Q_DECLARE_TR_FUNCTIONS(BalanceRow)
};

QString classLabel(const std::vector<std::string>& classes, std::size_t label)
{
    return label < classes.size() ? QString::fromStdString(classes[label]) : QString::number(label);
}

} // namespace

BalanceRow::BalanceRow(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("balanceRow"));
    m_text = makeLabel({}, TextRole::Label, Tone::Muted);
    m_text->setObjectName(QStringLiteral("balanceText"));
    m_text->setWordWrap(true);
    m_button = new QPushButton(tr("Balance with &weights"));
    m_button->setObjectName(QStringLiteral("balanceClasses"));
    m_button->setToolTip(asToolTip(tr("With weights a sample of a rare class counts more in the training "
                                      "loss. More settings, Class balance has balanced sampling too.")));
    connect(m_button, &QPushButton::clicked, this,
            [this] { Q_EMIT chosen(m_balanced ? "none" : "weights"); });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::small);
    column->addWidget(m_text);
    column->addWidget(m_button);
    hide();
}

void BalanceRow::showImbalance(const std::optional<ClassImbalance>& imbalance,
                               const std::vector<std::string>& classes, const std::string& how)
{
    setVisible(imbalance.has_value());
    if (!imbalance)
        return;
    setParagraph(m_text, balanceText(*imbalance, classes, how));
    m_balanced = how != "none";
    m_button->setText(m_balanced ? tr("Do not balance") : tr("Balance with &weights"));
}

QString balanceText(const ClassImbalance& imbalance, const std::vector<std::string>& classes,
                    const std::string& how)
{
    const QString found = BalanceText::tr("Uneven classes: '%1' has %2 training samples, '%3' %4")
                              .arg(classLabel(classes, imbalance.largest),
                                   QString::fromStdString(grouped(imbalance.mostSamples)),
                                   classLabel(classes, imbalance.smallest),
                                   QString::fromStdString(grouped(imbalance.fewestSamples)));
    if (how == "weights")
        return BalanceText::tr("%1. Balanced by weights in the loss.").arg(found);
    if (how == "sampling")
        return BalanceText::tr("%1. Balanced by sampling.").arg(found);
    return BalanceText::tr("%1.").arg(found);
}

} // namespace torchdesk
