// SPDX-License-Identifier: GPL-3.0-or-later
// How the page to try a network is put together.
#include "gui/app/theme.h"
#include "gui/pages/predictiontable.h"
#include "gui/pages/tryitpage.h"
#include "gui/widgets/card.h"
#include "gui/widgets/drawcanvas.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/probabilitybars.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace torchdesk {

namespace {

QLabel* hintLabel(const QString& text, QWidget* parent)
{
    auto* hint = makeLabel(text, TextRole::Label, Tone::Muted, parent);
    hint->setWordWrap(true);
    hint->setMaximumWidth(DrawCanvas::side);
    return hint;
}

} // namespace

void TryItPage::build()
{
    setObjectName("tryItPage");
    setAcceptDrops(true);
    m_left = new QStackedWidget(this);
    m_left->addWidget(m_draw = makeDraw());
    m_left->addWidget(m_drop = makeDrop());
    m_left->addWidget(m_table = new PredictionTable);
    m_row = new QHBoxLayout(this);
    m_row->setContentsMargins(space::large, space::medium, space::large, space::large);
    m_row->setSpacing(space::medium);
    m_row->addWidget(m_left);
    m_row->addWidget(makeAnswer(), 1);
}

// A table takes the room that there is; what is drawn or dropped needs little.
void TryItPage::showLeft(QWidget* page)
{
    m_left->setCurrentWidget(page);
    m_row->setStretch(0, page == m_table ? 3 : 0);
    m_row->setStretch(1, page == m_table ? 2 : 1);
}

QHBoxLayout* TryItPage::makeOpenButtons(QPushButton* first)
{
    auto* picture = new QPushButton(tr("Open &picture…"));
    picture->setObjectName("openPicture");
    auto* folder = new QPushButton(tr("Open f&older…"));
    folder->setObjectName("openPictures");
    connect(picture, &QPushButton::clicked, this, &TryItPage::choosePicture);
    connect(folder, &QPushButton::clicked, this, &TryItPage::chooseFolder);
    auto* buttons = new QHBoxLayout;
    if (first)
        buttons->addWidget(first);
    buttons->addWidget(picture);
    buttons->addWidget(folder);
    buttons->addStretch();
    return buttons;
}

QWidget* TryItPage::makeDraw()
{
    auto* card = new Card(tr("Draw a digit"));
    m_canvas = new DrawCanvas(card);
    m_canvas->setObjectName("canvas");
    m_canvas->setFixedSize(DrawCanvas::side, DrawCanvas::side);
    auto* clear = new QPushButton(tr("C&lear"), card);
    clear->setObjectName("clearCanvas");
    connect(clear, &QPushButton::clicked, m_canvas, &DrawCanvas::clear);
    card->body()->addWidget(m_canvas);
    card->body()->addLayout(makeOpenButtons(clear));
    card->body()->addWidget(hintLabel(
        tr("Draw with the mouse, or drop pictures or a folder here. Keys: arrows move the pen, Space "
           "sets it down or lifts it, Delete clears."),
        card));
    card->body()->addStretch();
    return card;
}

QWidget* TryItPage::makeDrop()
{
    auto* card = new Card(tr("New pictures"));
    card->body()->addWidget(
        hintLabel(tr("Drop a picture here, or several, or a folder: of many you get a table "
                     "that can be sorted and saved."),
                  card));
    card->body()->addLayout(makeOpenButtons(nullptr));
    card->body()->addStretch();
    return card;
}

QWidget* TryItPage::makeAnswer()
{
    auto* card = new Card(tr("The network's answer"), this);
    m_answer = makeLabel({}, TextRole::Name, Tone::Text, card);
    m_answer->setObjectName("answer");
    m_answer->setWordWrap(true);
    m_bars = new ProbabilityBars(card);
    m_bars->setObjectName("probabilities");
    m_seen = new QLabel(card);
    m_seen->setAccessibleName(tr("The picture as the network sees it"));
    m_about = makeLabel({}, TextRole::Label, Tone::Muted, card);
    m_about->setObjectName("aboutWeights");
    m_about->setWordWrap(true);
    m_seenWords =
        makeLabel(tr("This is the picture as the network sees it."), TextRole::Label, Tone::Muted, card);
    m_seenWords->setWordWrap(true);
    auto* bottom = new QHBoxLayout;
    bottom->setSpacing(space::medium);
    bottom->addWidget(m_seen);
    bottom->addWidget(m_seenWords, 1);
    card->body()->addWidget(m_answer);
    card->body()->addWidget(m_bars);
    card->body()->addSpacing(space::medium);
    card->body()->addWidget(m_about);
    card->body()->addSpacing(space::small);
    card->body()->addLayout(bottom);
    card->body()->addStretch();
    return card;
}

} // namespace torchdesk
